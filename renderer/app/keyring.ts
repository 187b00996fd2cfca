import { useEffect, useState } from "react";

export interface Keyring {
  readonly available: boolean;
  readonly kept: boolean;
}

const none: Keyring = { available: false, kept: false };

/** What a window's shell says of the system's keyring; a browser has none. */
export function readKeyring(answer: unknown): Keyring {
  if (typeof answer !== "object" || answer === null) return none;
  return {
    available: "available" in answer && answer.available === true,
    kept: "kept" in answer && answer.kept === true,
  };
}

/** Whether the passphrase can be kept by the system, and whether one is. */
export function useKeyring(): Keyring {
  const [keyring, setKeyring] = useState(none);
  useEffect(() => {
    void window.sallyport?.keyring.state().then((answer) => setKeyring(readKeyring(answer)));
  }, []);
  return keyring;
}

/** The kept passphrase, or null. It is used at once and never stored by the page. */
export async function recallPassphrase(): Promise<string | null> {
  const answer = await window.sallyport?.keyring.recall();
  return typeof answer === "string" ? answer : null;
}

/** After a good sign-in: keeps what was typed where the person asked for it, forgets it where they did not. */
export function settleKeyring(keyring: Keyring, wanted: boolean, passphrase: string): void {
  const shell = window.sallyport?.keyring;
  if (shell === undefined) return;
  if (wanted && keyring.available) void shell.keep(passphrase);
  else if (keyring.kept && !wanted) void shell.forget();
}
