/** Where the number keys lead, in the order of the rail. */
export const pagePaths = ["/", "/transfer", "/requests", "/audit", "/people", "/station"] as const;

export type KeyAction =
  | { readonly kind: "page"; readonly path: string }
  | { readonly kind: "palette" | "keys" | "lock" | "back" | "forward" };

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a key does, or null. `typing`: a field has the focus, so that letters belong to it. */
export function keyAction(event: Pressed, typing: boolean): KeyAction | null {
  const control = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (control && /^[1-9]$/.test(event.key)) {
    const path = pagePaths[Number(event.key) - 1];
    return path === undefined ? null : { kind: "page", path };
  }
  if (control && event.key.toLowerCase() === "k") return { kind: "palette" };
  if (control && event.key.toLowerCase() === "l") return { kind: "lock" };
  if (event.altKey && event.key === "ArrowLeft") return { kind: "back" };
  if (event.altKey && event.key === "ArrowRight") return { kind: "forward" };
  if (event.key === "?" && !typing && !event.ctrlKey && !event.altKey) return { kind: "keys" };
  return null;
}

/** Whether letters go into what has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
