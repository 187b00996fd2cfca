import { create } from "zustand";
import type { Zone } from "./format.ts";

export const themes = ["system", "dark", "light", "contrast"] as const;
export type Theme = (typeof themes)[number];

interface Preferences {
  readonly theme: Theme;
  readonly zone: Zone;
  /** Columns a person has hidden, by table. */
  readonly hiddenColumns: Readonly<Record<string, readonly string[]>>;
}

interface PreferenceActions {
  readonly setTheme: (theme: Theme) => void;
  readonly setZone: (zone: Zone) => void;
  readonly toggleColumn: (table: string, column: string) => void;
}

const storageKey = "sallyport.preferences";
const initial: Preferences = { theme: "system", zone: "utc", hiddenColumns: {} };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Reads what this browser keeps about looks. Anything off its shape is as if it were not there. */
function readPreferences(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null");
    if (!isRecord(kept)) return initial;
    const theme = themes.find((name) => name === kept["theme"]) ?? initial.theme;
    const zone = kept["zone"] === "local" ? "local" : "utc";
    const hiddenColumns: Record<string, readonly string[]> = {};
    if (isRecord(kept["hiddenColumns"])) {
      for (const [table, columns] of Object.entries(kept["hiddenColumns"])) {
        if (Array.isArray(columns)) hiddenColumns[table] = columns.filter((name) => typeof name === "string");
      }
    }
    return { theme, zone, hiddenColumns };
  } catch {
    // Storage may be blocked or hold something else; looks are not worth an error.
    return initial;
  }
}

function keep(preferences: Preferences): void {
  try {
    const { theme, zone, hiddenColumns } = preferences;
    localStorage.setItem(storageKey, JSON.stringify({ theme, zone, hiddenColumns }));
  } catch {
    // Without storage the choice lasts until the page closes.
  }
}

/** Theme, zone and columns: how things look to this person, never what they are. */
export const usePreferences = create<Preferences & PreferenceActions>()((set, get) => ({
  ...readPreferences(),
  setTheme(theme) {
    set({ theme });
    keep(get());
  },
  setZone(zone) {
    set({ zone });
    keep(get());
  },
  toggleColumn(table, column) {
    const hidden = get().hiddenColumns[table] ?? [];
    const next = hidden.includes(column) ? hidden.filter((name) => name !== column) : [...hidden, column];
    set({ hiddenColumns: { ...get().hiddenColumns, [table]: next } });
    keep(get());
  },
}));

/** Which tokens to use: the choice, or what the system asks for. */
export function resolveTheme(
  theme: Theme,
  system: { light: boolean; moreContrast: boolean },
): Exclude<Theme, "system"> {
  if (theme !== "system") return theme;
  if (system.moreContrast) return "contrast";
  return system.light ? "light" : "dark";
}

/** Writes the theme onto the document (and hands the choice to the window, where there is one that keeps it) and follows choice and system until the returned function is called. */
export function followTheme(keepChoice: (theme: Theme) => void): () => void {
  const light = matchMedia("(prefers-color-scheme: light)");
  const contrast = matchMedia("(prefers-contrast: more)");
  const apply = (): void => {
    document.documentElement.dataset["theme"] = resolveTheme(usePreferences.getState().theme, {
      light: light.matches,
      moreContrast: contrast.matches,
    });
  };
  apply();
  light.addEventListener("change", apply);
  contrast.addEventListener("change", apply);
  const unsubscribe = usePreferences.subscribe((now, before) => {
    apply();
    if (now.theme !== before.theme) keepChoice(now.theme);
  });
  return () => {
    unsubscribe();
    light.removeEventListener("change", apply);
    contrast.removeEventListener("change", apply);
  };
}
