import { drawQr } from "../../../shared/qr.ts";
import { hasLongWord, type Printed, type PrintedBlock } from "../../../shared/contract/printed.ts";
import { visibleRuns } from "../../../shared/visible-text.ts";
import { sha256 } from "../crypto/hash.ts";

/** Everything that the file shows is in the file: it opens on a machine without a network, years from now. */
const style = `
@page { size: A4; margin: 18mm 16mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 190mm; padding: 8mm; color: #000; background: #fff; font: 10.5pt/1.45 Inter, "Segoe UI", system-ui, sans-serif; }
h1 { font-size: 17pt; line-height: 1.2; margin: 0; }
h2 { font-size: 11.5pt; margin: 7mm 0 1.5mm; padding-top: 2mm; border-top: 0.4pt solid #000; break-after: avoid; }
p { margin: 1mm 0; }
.subtitle, .about { color: #444; }
table { width: 100%; border-collapse: collapse; margin-top: 1mm; }
thead { display: table-header-group; }
th { text-align: left; font-weight: 600; font-size: 8.5pt; border-bottom: 0.8pt solid #000; }
td, th { padding: 1mm 2mm 1mm 0; vertical-align: top; }
td.long { overflow-wrap: anywhere; }
tbody tr { break-inside: avoid; border-bottom: 0.2pt solid #999; }
td, dd, pre, .code { font-family: "JetBrains Mono", ui-monospace, monospace; font-variant-ligatures: none; }
td, pre { font-size: 8.5pt; }
dl { display: grid; grid-template-columns: 42mm 1fr; gap: 0.8mm 4mm; margin: 2mm 0; }
dt { color: #444; }
dd { margin: 0; font-size: 9pt; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 1mm 0; padding: 2mm; border: 0.4pt solid #000; }
.code { font-size: 24pt; letter-spacing: 0.06em; margin: 1mm 0; }
svg { width: 62mm; height: 62mm; display: block; background: #fff; }
.line { border-bottom: 0.4pt solid #000; height: 11mm; }
.caption { font-size: 8.5pt; color: #444; }
bdi em { font-style: normal; border: 0.4pt solid #000; padding: 0 0.6mm; font-size: 0.85em; }
`;

/** Of the style above, so that a viewer runs this style and nothing else. */
const policy = `default-src 'none'; style-src 'sha256-${sha256(style).toString("base64")}'; base-uri 'none'; form-action 'none'`;

/**
 * The document as one HTML file: no script, nothing loaded, every text escaped and its control and direction marks shown by
 * name. The same document gives the same bytes, always.
 *
 * @param source what it can be made from again, as JSON; it stands in the file's head
 */
export function writeHtml(document: Printed, source: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="sallyport-source" content="${escape(source)}">
<title>${escape(document.title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${shown(document.title)}</h1>
<p class="subtitle">${shown(document.subtitle)}</p>
${document.blocks.map(writeBlock).join("\n")}
</main>
</body>
</html>
`;
}

const sourcePattern = /<meta name="sallyport-source" content="([^"<>]*)">/;

/** What a file says it was made from; null when it is none of ours. Judge it: whoever holds the file can change it. */
export function readSource(html: string): string | null {
  const [, source] = sourcePattern.exec(html.slice(0, 16 * 1024)) ?? [];
  if (source === undefined) return null;
  return source.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

function writeBlock(block: PrintedBlock): string {
  switch (block.kind) {
    case "text":
      return `<p>${shown(block.text)}</p>`;
    case "facts": {
      const rows = block.rows.map(({ name, value }) => `<dt>${shown(name)}</dt><dd>${shown(value)}</dd>`);
      return `<dl>\n${rows.join("\n")}\n</dl>`;
    }
    case "table":
      return `<h2>${shown(block.title)}</h2>\n<p class="about">${shown(block.about)}</p>\n${writeTable(block)}`;
    case "exact":
      return `<h2>${shown(block.title)}</h2>\n<pre>${shown(block.text, "\n")}</pre>`;
    case "code":
      return `<h2>${shown(block.title)}</h2>\n<p class="code">${shown(block.text)}</p>`;
    case "qr": {
      const { size, path } = drawQr(block.text);
      const picture = `<svg viewBox="0 0 ${size} ${size}" role="img" aria-label="${escape(block.title)}"><path d="${path}"/></svg>`;
      return `<h2>${shown(block.title)}</h2>\n${picture}`;
    }
    case "lines": {
      const lines = block.captions.map(
        (caption) => `<div class="line"></div><div class="caption">${shown(caption)}</div>`,
      );
      return `<h2>${shown(block.title)}</h2>\n${lines.join("\n")}`;
    }
  }
}

function writeTable({ columns, rows, empty }: Extract<PrintedBlock, { kind: "table" }>): string {
  if (rows.length === 0) return `<p>${shown(empty)}</p>`;
  const head = columns.map((column) => `<th scope="col">${shown(column)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map(writeCell).join("")}</tr>`);
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody>\n</table>`;
}

/** Words stay whole, so that a column is read; only what is longer than any name of ours breaks anywhere. */
function writeCell(cell: string): string {
  return `<td${hasLongWord(cell) ? ' class="long"' : ""}>${shown(cell)}</td>`;
}

/** Text in an element: its own direction, what is unseen boxed by name. */
function shown(text: string, keep = ""): string {
  const runs = visibleRuns(text, keep).map((run) =>
    run.kind === "text" ? escape(run.text) : `<em>${run.name}</em>`,
  );
  return `<bdi>${runs.join("")}</bdi>`;
}

/** For elements and quoted attributes alike; numeric, so that one rule reads it back. */
function escape(text: string): string {
  return text.replaceAll(/[&<>"'`=\r\n]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
