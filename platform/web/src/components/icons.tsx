import type { ReactNode } from 'react';

function Icon({ children, filled = false }: { children: ReactNode; filled?: boolean }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      className="size-5 shrink-0"
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

export const HomeIcon = () => (
  <Icon>
    <path d="M4 20V11.5a8 8 0 0 1 16 0V20z" />
    <path d="M9.5 20v-5a2.5 2.5 0 0 1 5 0v5" />
  </Icon>
);
export const PopularIcon = () => (
  <Icon>
    <path d="M12 3c.5 3.5 5 5.5 5 10.5a5 5 0 0 1-10 0c0-2 .8-3.2 1.8-4.3.4 1.4 1 2 1.9 2.3C10.3 8.5 10.5 5.5 12 3z" />
  </Icon>
);
export const SanctumsIcon = () => (
  <Icon>
    <path d="M3 20v-7a4 4 0 0 1 8 0v7zM13 20V9a4 4 0 0 1 8 0v11z" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="10.5" cy="10.5" r="6.5" />
    <path d="m20 20-4.8-4.8" />
  </Icon>
);
export const WriteIcon = () => (
  <Icon>
    <path d="M4 20l1-4.5L16.5 4a2 2 0 0 1 3.5 3L8.5 18.5z" />
  </Icon>
);
export const PersonIcon = () => (
  <Icon>
    <circle cx="12" cy="8" r="4" />
    <path d="M4.5 20.5a7.5 7.5 0 0 1 15 0" />
  </Icon>
);
export const FriendsIcon = () => (
  <Icon>
    <circle cx="9" cy="8.5" r="3.5" />
    <path d="M2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 5.4a3.5 3.5 0 0 1 0 6.2M18 14.2a6.5 6.5 0 0 1 3.5 5.3" />
  </Icon>
);
export const HeartIcon = ({ filled }: { filled: boolean }) => (
  <Icon filled={filled}>
    <path d="M12 20S4 15 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3C20 15 12 20 12 20z" />
  </Icon>
);
export const CommentIcon = () => (
  <Icon>
    <path d="M20 12a8 7 0 0 1-8 7c-1 0-2-.2-3-.5L4 20l1.5-3.5A6.7 6.7 0 0 1 4 12a8 7 0 0 1 16 0z" />
  </Icon>
);
export const InvitationIcon = () => (
  <Icon>
    <rect x="3" y="6" width="18" height="13" rx="2" />
    <path d="m4 8 8 6 8-6" />
  </Icon>
);
export const LockIcon = () => (
  <Icon>
    <rect x="5" y="11" width="14" height="9" rx="2" />
    <path d="M8 11V8a4 4 0 0 1 8 0v3" />
  </Icon>
);
export const LinkIcon = () => (
  <Icon>
    <path d="M14 5h5v5M19 5l-8 8M17 14v4a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 5 18V9a1.5 1.5 0 0 1 1.5-1.5H10" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
);
export const DevicesIcon = () => (
  <Icon>
    <rect x="3" y="5" width="12" height="10" rx="1.5" />
    <path d="M6 19h6M9 15v4" />
    <rect x="17" y="9" width="4.5" height="10" rx="1" />
  </Icon>
);
export const SignOutIcon = () => (
  <Icon>
    <path d="M14 4H6v16h8M10 12h10m-3.5-3.5L20 12l-3.5 3.5" />
  </Icon>
);
export const MoonIcon = () => (
  <Icon>
    <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z" />
  </Icon>
);
export const SunIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4" />
  </Icon>
);
