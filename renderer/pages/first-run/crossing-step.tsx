import { ArrowRight } from "lucide-react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { useFirstRun } from "../../app/first-run.ts";
import { Button } from "../../ui/button.tsx";
import type { Side } from "../../ui/side.tsx";
import { Stage } from "./stage.tsx";
import styles from "./stage.module.css";

const text = en.firstRun.crossing;

/** Step 4: what the first crossing is made of, and the page where it begins. */
export function CrossingStep({ side }: { side: Side }) {
  const [, navigate] = useLocation();
  return (
    <Stage
      title={text.title}
      about={text.about}
      actions={
        <>
          <Button
            onClick={() => {
              useFirstRun.setState({ step: null });
              navigate(side === "request" ? "/requests/new" : "/transfer/inbox");
            }}
          >
            {text.start[side]}
          </Button>
          <Button look="primary" onClick={() => useFirstRun.setState({ step: "done" })}>
            {en.firstRun.next}
            <ArrowRight />
          </Button>
        </>
      }
    >
      <ol className={styles["list"]}>
        {text[side].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
    </Stage>
  );
}
