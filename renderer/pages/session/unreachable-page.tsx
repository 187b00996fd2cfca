import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Mark } from "../../ui/mark.tsx";
import styles from "./unreachable-page.module.css";
import { useDocumentSide } from "../../ui/document-side.ts";

/** Before the station has answered, and when it does not. */
export function UnreachablePage({ error, onAgain }: { error: Error | null; onAgain: () => void }) {
  useDocumentSide("none");
  return (
    <main className={styles["unreachable"]} data-side="none">
      <h1>
        <Mark open="none" size={32} />
        {en.product}
      </h1>
      {error === null ? (
        <p className="dim">{en.session.connecting}</p>
      ) : (
        <ErrorState
          failure={toFailure(error, en.failed.read(en.session.facts.station))}
          actions={
            <Button look="primary" onClick={onAgain}>
              {en.ui.again}
            </Button>
          }
        />
      )}
    </main>
  );
}
