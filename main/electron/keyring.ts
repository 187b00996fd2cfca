import type { SafeStorage } from "electron";
import { mayKeepSecrets } from "./policy.ts";
import type { Settings } from "./settings.ts";

/** Keeps an operator's passphrase under the system's keyring, where the operator wants that and the system can. */
export interface PassphraseKeeper {
  /** Whether this system keeps secrets at all, and whether it keeps one for this station. */
  state(): Promise<{ readonly available: boolean; readonly kept: boolean }>;
  /** False where the system can't: nothing is kept then. */
  keep(passphrase: string): Promise<boolean>;
  /** Null when nothing is kept or it doesn't open any more (another keyring, another user); it is forgotten then. */
  recall(): Promise<string | null>;
  forget(): void;
}

/** The part of Electron's safeStorage that is used; its synchronous calls are deprecated. */
export type Wrapping = Pick<
  SafeStorage,
  "isAsyncEncryptionAvailable" | "encryptStringAsync" | "decryptStringAsync" | "getSelectedStorageBackend"
>;

export function createPassphraseKeeper(
  wrapping: Wrapping,
  settings: Settings,
  platform: string,
  station: string,
): PassphraseKeeper {
  // Only Linux has a choice of keyrings, and the call exists only there.
  const backend = (): string => (platform === "linux" ? wrapping.getSelectedStorageBackend() : platform);
  const available = async (): Promise<boolean> =>
    mayKeepSecrets(platform, backend(), await wrapping.isAsyncEncryptionAvailable());
  const forget = (): void => {
    const { [station]: _gone, ...others } = settings.get("kept");
    settings.set("kept", others);
  };
  const put = async (passphrase: string): Promise<void> => {
    const wrapped = (await wrapping.encryptStringAsync(passphrase)).toString("base64");
    settings.set("kept", { ...settings.get("kept"), [station]: { backend: backend(), wrapped } });
  };

  return {
    state: async () => ({ available: await available(), kept: Object.hasOwn(settings.get("kept"), station) }),
    async keep(passphrase) {
      if (!(await available())) return false;
      await put(passphrase);
      return true;
    },
    async recall() {
      const kept = settings.get("kept")[station];
      if (kept === undefined) return null;
      if (kept.backend !== backend() || !(await available())) return forgotten(forget);
      try {
        const { result, shouldReEncrypt } = await wrapping.decryptStringAsync(
          Buffer.from(kept.wrapped, "base64"),
        );
        if (shouldReEncrypt) await put(result);
        return result;
      } catch {
        return forgotten(forget);
      }
    },
    forget,
  };
}

function forgotten(forget: () => void): null {
  forget();
  return null;
}
