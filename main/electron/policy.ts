// What the window may do: every decision of the shell, as functions of what Electron tells. No Electron here, so that each can
// be tried with whatever an attacker could make it say.

/** The one place that a window shows: our own protocol, with one fixed host. */
export const page = { scheme: "app", host: "bundle", address: "app://bundle/" } as const;

/**
 * True for an address of our own page. Scheme and host are compared as parsed: the `origin` of such an address is the word
 * "null" in Node, and a comparison by prefix takes `app://bundle.evil` for ours.
 */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password, port } = new URL(address);
  return (
    protocol === `${page.scheme}:` && host === page.host && username === "" && password === "" && port === ""
  );
}

/** True for what the page made itself, to be saved as a file: `blob:app://bundle/…`. */
export function isOwnBlob(address: string): boolean {
  return address.startsWith("blob:") && isOwnPage(address.slice("blob:".length));
}

/** A window stays where it is: within the page only the fragment changes, and that is no navigation. */
export function mayNavigate(): boolean {
  return false;
}

const permissionsOfThePage = ["clipboard-sanitized-write", "fullscreen"];

/** Everything is refused but to copy text and to fill the screen, and these to our own page alone. */
export function mayUse(permission: string, requestingAddress: string): boolean {
  return permissionsOfThePage.includes(permission) && isOwnPage(requestingAddress);
}

/** Nothing leaves: the session loads our own files and what the page made, and `devtools:` where there are any. */
export function mayLoad(address: string, hasDevTools: boolean): boolean {
  if (isOwnPage(address) || isOwnBlob(address)) return true;
  return hasDevTools && URL.canParse(address) && new URL(address).protocol === "devtools:";
}

/** What a message of a renderer tells about its sender. */
export interface Sender {
  readonly url: string;
  /** Null for the top frame. */
  readonly parent: unknown;
}

/** Only the top frame of our own page is listened to; a frame that has gone is null. */
export function maySend(sender: Sender | null): boolean {
  return sender !== null && sender.parent === null && isOwnPage(sender.url);
}

/** The path in the page's files for an address, or undefined where it isn't ours. An address without a path is the index. */
export function filePath(address: string): string | undefined {
  if (!isOwnPage(address)) return undefined;
  const { pathname } = new URL(address);
  return pathname === "" || pathname === "/" ? "/index.html" : pathname;
}

const keptBySystem = ["gnome_libsecret", "kwallet", "kwallet5", "kwallet6"];

/**
 * Whether a passphrase may be wrapped by what the system offers. On Linux `basic_text` is a password in the open and
 * `unknown` is nobody's promise; both look available.
 */
export function mayKeepSecrets(platform: string, backend: string, isAvailable: boolean): boolean {
  return isAvailable && (platform !== "linux" || keptBySystem.includes(backend));
}

/** Chromium refuses to run its sandbox as root; without it the window is not worth having. */
export function refusalForUser(uid: number | undefined): string | undefined {
  if (uid !== 0) return undefined;
  return "The window does not run as root, because Chromium's sandbox does not. Use an ordinary account, or run: sallyport serve --station DIR";
}
