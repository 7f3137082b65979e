/** A lit doorway, and the name drawn in the same arches. */
export function LogoMark({ className = 'size-8' }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className={className}>
      <path d="M6 29V14a10 10 0 0 1 20 0v15z" className="fill-accent" />
      <path d="M11 29V16a5 5 0 0 1 10 0v13z" fill="#ffb454" />
      <path d="M14 29V17.5a2 2 0 0 1 4 0V29z" fill="#fff3dc" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 132 28"
      className="h-6 w-auto"
      fill="none"
      stroke="currentColor"
      strokeWidth="3.2"
      strokeLinecap="round"
    >
      <path d="M13.5 11.2C12.5 9.6 10.6 9 8.6 9 5.8 9 4 10.3 4 12.2c0 4.6 10 2.2 10 7.1C14 21.6 11.9 23 9 23c-2.5 0-4.6-1-5.4-2.9" />
      <path d="M33 23V9.5M33 16a6.5 7 0 1 1-13 0 6.5 7 0 0 1 13 0z" />
      <path d="M40 23v-8a6 6 0 0 1 12 0v8" />
      <path d="M69.5 12.2A6.5 7 0 1 0 69.5 19.8" />
      <path d="M78 4v14.5c0 3 1.5 4.5 4.2 4.3M74.5 9.5h8" />
      <path d="M89 9.5v7.5a6 6 0 0 0 12 0V9.5" />
      <path d="M108 23v-8.5a5 5 0 0 1 10 0V23m0-8.5a5 5 0 0 1 10 0V23" />
    </svg>
  );
}
