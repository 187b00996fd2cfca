import { parseLeaf } from "../../station/audit/event.ts";

/** The zone stands in the head: somebody will read the times as local ones otherwise. */
export const csvHead = "event,time (UTC),actor,action,object,outcome,details\r\n";

/** One event as a line of RFC 4180. The stored bytes are the lossless form; this one is for looking at. */
export function csvRow(leaf: Buffer): string {
  const event = parseLeaf(leaf);
  if (event === null) return `,,,audit.damaged,,,${cell(leaf.toString("utf8"))}\r\n`;
  const details = Object.keys(event.details).length === 0 ? "" : JSON.stringify(event.details);
  const cells = [event.at, event.actor, event.action, event.object, event.outcome, details].map(cell);
  return `${event.sequence},${cells.join(",")}\r\n`;
}

/** What begins a formula, in some spreadsheet; the wide forms are taken for the narrow ones by some. */
const formula = /^\s*[=+\-@\t\r\0|%＝＋－＠]/u;
/** Where the comma is the decimal sign, spreadsheets part cells at these, quotes or not. */
const afterForeignSeparator = /([;\t|]["\s]*)(?=[=+\-@%＝＋－＠])/gu;

/**
 * A cell that no spreadsheet takes for a formula: what begins with one of these signs, or with a blank before one, gets an
 * apostrophe (OWASP ASVS 1.2.10). Quoted where it must be.
 */
export function cell(text: string): string {
  const begins = formula.test(text) ? `'${text}` : text;
  const safe = begins.replaceAll(afterForeignSeparator, "$1'");
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
