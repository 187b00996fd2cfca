import { Search, X } from "lucide-react";
import { useRef, useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Button } from "../../ui/button.tsx";
import styles from "./search-line.module.css";

const text = en.audit.search;

/** One line to search by, with its grammar under it: a click puts a piece of it into the line. */
export function SearchLine({ query, onSearch }: { query: string; onSearch: (query: string) => void }) {
  const [typed, setTyped] = useState(query);
  const input = useRef<HTMLInputElement>(null);
  const add = (piece: string): void => {
    setTyped((line) => (line === "" || line.endsWith(" ") ? line + piece : `${line} ${piece}`));
    input.current?.focus();
  };
  return (
    <search>
      <form
        className={styles["search"]}
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(typed.trim());
        }}
      >
        <div className={styles["line"]}>
          <Search className="icon" aria-hidden="true" />
          <input
            ref={input}
            type="text"
            className="fact"
            aria-label={text.label}
            placeholder={text.placeholder}
            maxLength={1000}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          {typed === "" ? null : (
            <Button
              look="quiet"
              small
              icon={<X />}
              aria-label={text.clear}
              onClick={() => {
                setTyped("");
                onSearch("");
              }}
            />
          )}
        </div>
        <Button type="submit">{text.go}</Button>
        <p className={styles["grammar"]}>
          <span className="dim">{text.grammar}</span>
          {text.pieces.map((piece) => (
            <button
              key={piece}
              type="button"
              className="fact"
              title={text.meanings[piece]}
              onClick={() => add(piece)}
            >
              {piece}
            </button>
          ))}
          <span className="dim">{text.rest}</span>
        </p>
      </form>
    </search>
  );
}
