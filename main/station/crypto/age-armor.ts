import { armor } from "age-encryption";

/** The PEM form of an age file, for what is kept or carried as text; `age -d` reads both forms. */
export function armorAge(file: Uint8Array): string {
  return armor.encode(file);
}
