import type { OperatorKeyRow } from "../../station/keys/operator-keys.ts";
import { cardPhrase } from "../transfer/format/phrase.ts";

/**
 * Eight words over an invited person's public keys, by the same slow function as those of a card. They are spoken,
 * never stored: whoever swaps the keys in the directory before they are confirmed has other words.
 */
export function operatorWords(
  station: string,
  name: string,
  key: Pick<OperatorKeyRow, "box_public" | "approval_public">,
): string {
  const line = JSON.stringify({
    format: "sallyport-operator@v1",
    station,
    name,
    box: key.box_public.toString("hex"),
    approval: key.approval_public.toString("hex"),
  });
  return cardPhrase(Buffer.from(`${line}\n`));
}

/** Words as a person types them: capitals and spaces do not matter. */
export function sameWords(typed: string, words: string): boolean {
  return typed.trim().toLowerCase().split(/\s+/).join(" ") === words;
}
