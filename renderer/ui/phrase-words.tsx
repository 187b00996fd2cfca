import { Checkbox } from "./checkbox.tsx";
import { en } from "../../shared/strings/en.ts";
import styles from "./phrase-words.module.css";

/** The eight words of our own card, to be read aloud. */
export function PhraseWords({ words }: { words: readonly string[] }) {
  return (
    <ol className={styles["words"]}>
      {words.map((word, place) => (
        <li key={place}>
          <span className={styles["place"]}>{place + 1}</span>
          {word}
        </li>
      ))}
    </ol>
  );
}

interface TickedWordsProps {
  readonly words: readonly string[];
  readonly ticked: readonly boolean[];
  readonly onTick: (place: number, heard: boolean) => void;
}

/** The eight words of a card received: each is ticked by a person as it is heard; nothing is ticked for them. */
export function TickedWords({ words, ticked, onTick }: TickedWordsProps) {
  return (
    <ol className={styles["words"]}>
      {words.map((word, place) => (
        <li key={place} className={ticked[place] === true ? styles["heard"] : styles["unheard"]}>
          <span className={styles["place"]}>{place + 1}</span>
          <span>{word}</span>
          <span className={styles["tick"]}>
            <Checkbox
              label={en.pairing.heard(place + 1, word)}
              hideLabel
              checked={ticked[place] === true}
              onChange={(event) => onTick(place, event.target.checked)}
            />
          </span>
        </li>
      ))}
    </ol>
  );
}
