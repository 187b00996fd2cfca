import type { ReactNode } from "react";

/** The eleven status shapes, told apart without colour, in the order of trust. */
export const statusKinds = [
  "proved",
  "done",
  "running",
  "waiting",
  "held",
  "two",
  "warn",
  "quarantined",
  "missing",
  "failed",
  "off",
] as const;
export type StatusKind = (typeof statusKinds)[number];

const line = { fill: "none", stroke: "currentColor" } as const;
const cut = { fill: "none", stroke: "var(--ground)" } as const;

const shapes: Record<StatusKind | "request" | "response", ReactNode> = {
  proved: (
    <>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" />
      <path d="m4.9 8.2 2.2 2.2 4.1-4.5" {...cut} strokeWidth="1.8" />
    </>
  ),
  done: <path d="m2.8 8.4 3.5 3.5 6.9-7.6" {...line} strokeWidth="1.8" />,
  running: (
    <>
      <circle cx="8" cy="8" r="5.6" {...line} strokeWidth="1.6" />
      <path d="M8 2.4a5.6 5.6 0 0 1 0 11.2Z" fill="currentColor" />
    </>
  ),
  waiting: <circle cx="8" cy="8" r="5.6" {...line} strokeWidth="1.4" strokeDasharray="2.2 2.2" />,
  held: (
    <>
      <rect x="2.4" y="2.4" width="11.2" height="11.2" {...line} strokeWidth="1.6" />
      <path d="M6.4 5.4v5.2M9.6 5.4v5.2" {...line} strokeWidth="1.6" />
    </>
  ),
  two: (
    <>
      <circle cx="5.4" cy="5" r="2.2" {...line} strokeWidth="1.5" />
      <circle cx="11.2" cy="5" r="2.2" {...line} strokeWidth="1.5" />
      <path
        d="M1.6 13.4c0-2.4 1.6-4 3.8-4s3.6 1.4 3.8 3M10 9.6c2.6-.6 4.6 1 4.6 3.8"
        {...line}
        strokeWidth="1.5"
      />
    </>
  ),
  warn: (
    <>
      <path d="M8 1.6 15 14H1Z" fill="currentColor" />
      <path d="M8 6v4M8 11.2v1.4" {...cut} strokeWidth="1.6" />
    </>
  ),
  quarantined: (
    <>
      <path d="m8 1.2 6.8 6.8L8 14.8 1.2 8Z" {...line} strokeWidth="1.5" />
      <path d="M5 8h6" {...line} strokeWidth="1.8" />
    </>
  ),
  missing: (
    <>
      <path d="M2 5.4V2h3.4M10.6 2H14v3.4M14 10.6V14h-3.4M5.4 14H2v-3.4" {...line} strokeWidth="1.5" />
      <path d="M8 4.6v4.2M8 10.2v1.6" {...line} strokeWidth="1.8" />
    </>
  ),
  failed: (
    <>
      <path d="M5.2 1.4h5.6l3.8 3.8v5.6l-3.8 3.8H5.2l-3.8-3.8V5.2Z" fill="currentColor" />
      <path d="m5.4 5.4 5.2 5.2M10.6 5.4l-5.2 5.2" {...cut} strokeWidth="1.6" />
    </>
  ),
  off: (
    <>
      <circle cx="8" cy="8" r="5.8" {...line} strokeWidth="1.5" />
      <path d="m4 12 8-8" {...line} strokeWidth="1.5" />
    </>
  ),
  request: <path d="M1 1h5l9 7-9 7H1Z" fill="currentColor" />,
  response: <path d="M15 1H1v4h5v6H1v4h14Z" fill="currentColor" />,
};

/** One status or side shape, `size` CSS pixels square. The word beside it carries the name. */
export function Glyph({
  shape,
  size = 14,
  className,
}: {
  shape: keyof typeof shapes;
  size?: number;
  className?: string | undefined;
}) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" className={className}>
      {shapes[shape]}
    </svg>
  );
}
