import interLatin from "@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2?url";
import interLatinExtended from "@fontsource-variable/inter/files/inter-latin-ext-opsz-normal.woff2?url";
import monoLatin from "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2?url";
import monoLatinExtended from "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-ext-wght-normal.woff2?url";

/** The subsets' ranges, as fontsource's own style sheets give them. */
const latin =
  "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD";
const latinExtended =
  "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF";

/**
 * Registers the two families from our own bundle and starts loading the Latin subsets.
 * Resolves when text can be drawn in them, or after `patienceMs`: a page never waits longer for a face.
 */
export async function loadFonts(patienceMs: number): Promise<void> {
  const faces = [
    new FontFace("Inter Variable", `url(${interLatin})`, { weight: "100 900", unicodeRange: latin }),
    new FontFace("JetBrains Mono Variable", `url(${monoLatin})`, { weight: "100 800", unicodeRange: latin }),
  ];
  const late = [
    new FontFace("Inter Variable", `url(${interLatinExtended})`, {
      weight: "100 900",
      unicodeRange: latinExtended,
    }),
    new FontFace("JetBrains Mono Variable", `url(${monoLatinExtended})`, {
      weight: "100 800",
      unicodeRange: latinExtended,
    }),
  ];
  for (const face of [...faces, ...late]) document.fonts.add(face);
  const loaded = Promise.allSettled(faces.map((face) => face.load()));
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}
