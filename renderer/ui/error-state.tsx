import type { ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import { CopyButton } from "./copy-button.tsx";
import { Glyph } from "./glyph.tsx";
import { OutsideText } from "./outside-text.tsx";
import styles from "./error-state.module.css";

/** What a page says when something failed: never a code alone. */
export interface Failure {
  readonly what: string;
  readonly why: string;
  readonly safe: string;
  readonly remedy: string;
  readonly reference?: string | undefined;
}

export function ErrorState({ failure, actions }: { failure: Failure; actions?: ReactNode }) {
  const words = en.ui.error;
  const whole = [
    failure.what,
    `${words.why}: ${failure.why}`,
    `${words.safe}: ${failure.safe}`,
    `${words.remedy}: ${failure.remedy}`,
    ...(failure.reference === undefined ? [] : [`${words.reference}: ${failure.reference}`]),
  ].join("\n");
  return (
    <div className={styles["error"]} role="alert">
      <header>
        <Glyph shape="failed" size={18} />
        <h3>{failure.what}</h3>
      </header>
      <dl>
        <dt>{words.why}</dt>
        <dd>
          <OutsideText text={failure.why} />
        </dd>
        <dt>{words.safe}</dt>
        <dd>{failure.safe}</dd>
        <dt>{words.remedy}</dt>
        <dd>{failure.remedy}</dd>
      </dl>
      <footer>
        {actions}
        <span className={styles["reference"]}>
          {failure.reference === undefined ? null : (
            <>
              <span className="dim">{words.reference}</span> <span className="fact">{failure.reference}</span>
            </>
          )}
          <CopyButton text={whole} what={words.whole}>
            {words.copyAll}
          </CopyButton>
        </span>
      </footer>
    </div>
  );
}
