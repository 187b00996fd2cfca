import { drawQr } from "./qr.ts";
import { recoveryStrings } from "./strings/recovery.ts";

const text = recoveryStrings.sheet;

/** What is printed on one sheet. */
export interface RecoverySheet {
  readonly station: { readonly station: string; readonly name: string; readonly side: string };
  readonly set: {
    readonly number: number;
    readonly id: string;
    readonly threshold: number;
    readonly shares: number;
    readonly madeAt: string;
  };
  readonly share: number;
  readonly lines: readonly string[];
}

/** What a camera reads from a sheet: the lines, as they may be pasted where a share is asked for. */
export function sheetCode(lines: readonly string[]): string {
  return lines.map((line) => line.replaceAll(" ", "")).join("\n");
}

/** Facts of a sheet, in order. */
export function sheetFacts({ station, set, share }: RecoverySheet): readonly (readonly [string, string])[] {
  return [
    [text.facts.station, station.station],
    [text.facts.set, `${set.number}, ${set.id}`],
    [text.facts.made, set.madeAt],
    [text.facts.share, `${share} / ${set.shares}`],
    [text.facts.opens, text.opens(set.threshold, set.shares)],
  ];
}

/** One page of HTML that needs nothing else and prints on one A4 or Letter sheet, black on white. */
export function writeSheet(sheet: RecoverySheet): string {
  const { station, set, share, lines } = sheet;
  const { size, path } = drawQr(sheetCode(lines));
  const list = (items: readonly string[]) => items.map((item) => `<li>${plain(item)}</li>`).join("");
  const title = text.title(share, set.shares);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${plain(title)}, ${plain(station.name)}, set ${set.number}</title>
<style>
@page { margin: 16mm }
body { font: 11pt/1.4 sans-serif; color: #000; background: #fff; max-width: 178mm; margin: 8mm auto }
h1 { font-size: 20pt; margin: 0 } h2 { font-size: 11pt; margin: 5mm 0 1mm }
p { margin: 1mm 0 } ul, ol { margin: 0; padding-left: 6mm }
dl { display: grid; grid-template-columns: 24mm 1fr; margin: 3mm 0; row-gap: 1mm } dd { margin: 0; font-family: monospace; word-break: break-all }
.share { display: flex; gap: 8mm; align-items: start; border: 0.5mm solid #000; padding: 4mm; margin: 3mm 0 }
.lines { font: 13pt/1.6 monospace; list-style-position: inside; padding: 0; flex: 1; white-space: nowrap }
svg { width: 44mm; height: 44mm; flex: none }
.hand { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 6mm; margin-top: 8mm } .hand span { border-top: 0.3mm solid #000; padding-top: 1mm; font-size: 9pt }
</style>
<h1>${plain(title)}</h1>
<p>${plain(text.station(station.name, station.side))}</p>
<p>${plain(text.what(set.threshold, set.shares))}</p>
<dl>${sheetFacts(sheet)
    .map(([name, value]) => `<dt>${plain(name)}</dt><dd>${plain(value)}</dd>`)
    .join("")}</dl>
<h2>${plain(text.lines)}</h2>
<div class="share">
<ol class="lines">
${lines.map((line) => `<li>${plain(line)}</li>`).join("\n")}
</ol>
<svg viewBox="0 0 ${size} ${size}" role="img" aria-label="${plain(text.code)}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}"/></svg>
</div>
<p>${plain(text.linesNote)}</p>
<h2>${plain(text.doTitle)}</h2>
<ul>${list(text.do)}</ul>
<h2>${plain(text.useTitle)}</h2>
<ol>${list(text.use)}</ol>
<div class="hand"><span>${plain(text.keeper)}</span><span>${plain(text.date)}</span><span>${plain(text.place)}</span></div>
</html>
`;
}

/** The lines of a file: of a sheet that was kept as a file, or whatever text it holds. */
export function linesOfFile(content: string): string {
  const list = /<ol class="lines">([\s\S]*?)<\/ol>/.exec(content)?.[1];
  return list === undefined ? content : list.replaceAll(/<\/?li>/g, "");
}

function plain(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
