import type { AuditEvent } from "../../station/audit/event.ts";
import type { Phrase, Query, Term } from "./query.ts";
import { wordsOf } from "./words.ts";

/** Whether an event is what the query asks for. This decides; the index only finds candidates. */
export function matches(event: AuditEvent, query: Query): boolean {
  if (event.sequence < query.from || event.sequence > query.to) return false;
  if (query.since !== null && event.at < query.since) return false;
  if (query.until !== null && event.at >= query.until) return false;
  return query.terms.every((term) => holds(event, term) !== term.not);
}

function holds(event: AuditEvent, { field, phrases }: Term): boolean {
  if (field === null) {
    const texts = [event.actor, event.action, event.object, event.outcome].map(wordsOf);
    const details = Object.entries(event.details).flatMap(([name, value]) =>
      wordsOf(`${name} ${String(value)}`),
    );
    return phrases.some((phrase) => [...texts, details].some((words) => contains(words, phrase)));
  }
  if (field === "actor" || field === "action" || field === "object" || field === "outcome") {
    const words = wordsOf(event[field]);
    return phrases.some((phrase) => contains(words, phrase));
  }
  if (!Object.hasOwn(event.details, field)) return false;
  const words = wordsOf(String(event.details[field]));
  return phrases.some((phrase) => stands(words, 0, phrase));
}

function contains(words: readonly string[], phrase: Phrase): boolean {
  return words.some((_, at) => stands(words, at, phrase));
}

/** The phrase stands in the words from this place on. */
function stands(words: readonly string[], at: number, { words: wanted, prefix }: Phrase): boolean {
  return wanted.every((word, index) => {
    const here = words[at + index];
    return prefix && index === wanted.length - 1 ? here?.startsWith(word) === true : here === word;
  });
}

/**
 * The FTS5 expression whose rows hold every event that the query can match; null when the index can't narrow it. Words with
 * letters beyond ASCII are left to `matches`: two programs fold them differently. Every word is quoted, so that nothing
 * that was typed is syntax.
 */
export function indexExpression({ terms }: Query): string | null {
  const parts = terms.filter((term) => !term.not && term.phrases.every(isPlain)).map(termExpression);
  return parts.length === 0 ? null : parts.join(" AND ");
}

function termExpression({ field, phrases }: Term): string {
  const own = field === "actor" || field === "action" || field === "object" || field === "outcome";
  const column = field === null ? "" : own ? `${field} : ` : "details : ";
  // A detail's text follows its name.
  const name = field === null || own ? [] : wordsOf(field);
  const texts = phrases.map(
    ({ words, prefix }) => `${column}"${[...name, ...words].join(" ")}"${prefix ? " *" : ""}`,
  );
  return `(${texts.join(" OR ")})`;
}

function isPlain({ words }: Phrase): boolean {
  return words.every((word) => /^[a-z0-9]+$/.test(word));
}
