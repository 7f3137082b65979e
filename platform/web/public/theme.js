// Runs before the first paint, as a file of its own: the Content-Security-Policy allows no inline script.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('sanctum.theme');
  } catch {
    // Storage can be switched off; the system's preference then decides.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
