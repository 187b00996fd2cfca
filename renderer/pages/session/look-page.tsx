import { useEffect, useRef } from "react";
import { en } from "../../../shared/strings/en.ts";
import { lockNow, useLock } from "../../app/lock.ts";
import { Button } from "../../ui/button.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import { Walk } from "../../ui/walk.tsx";
import { DoorPage, type DoorStation } from "./door-page.tsx";
import type { SignInState } from "./sign-in-page.tsx";
import styles from "./look-page.module.css";

const text = en.session;

interface Greeting {
  readonly operator: string;
  readonly previousSignInAt: string | null;
  readonly failuresSince: number;
}

/** The last look before it opens: when you were last here, and whether somebody tried to be you. */
export function LookPage({
  state,
  station,
  greeting,
}: {
  state: SignInState;
  station: DoorStation;
  greeting: Greeting;
}) {
  return (
    <DoorPage
      station={station}
      title={text.look}
      about={`${en.ui.sides[station.side]}, ${text.foundedFor[station.people]}.`}
      version={state.version}
      left={
        <Walk
          steps={[
            {
              look: "done",
              title: text.step.passphrase,
              caption: text.step.passphraseCaption(greeting.operator),
              aside: text.step.done,
            },
            {
              look: "running",
              title: text.step.look,
              caption: text.step.lookCaption,
              aside: text.step.now,
              body: <Since greeting={greeting} />,
            },
          ]}
        />
      }
      right={
        <Section title={text.leaves}>
          <p className="small second">{text.leavesText}</p>
        </Section>
      }
    />
  );
}

function Since({ greeting }: { greeting: Greeting }) {
  const first = useRef<HTMLButtonElement>(null);
  // Enter goes on: the person has just typed, and the page has one thing to say.
  useEffect(() => {
    first.current?.focus();
  }, []);
  return (
    <div className={styles["since"]}>
      <Facts>
        <Fact name={text.facts.last}>
          {greeting.previousSignInAt === null ? text.facts.never : <Time at={greeting.previousSignInAt} />}
        </Fact>
        <Fact name={text.facts.refused}>
          {greeting.failuresSince === 0 ? (
            text.facts.none
          ) : (
            <Status kind="warn">{text.facts.tries(greeting.failuresSince)}</Status>
          )}
        </Fact>
      </Facts>
      <div className={styles["actions"]}>
        <Button look="primary" ref={first} onClick={() => useLock.setState({ greeting: null })}>
          {text.wasMe}
        </Button>
        <Button onClick={() => lockNow(greeting.operator)}>{text.notMe}</Button>
      </div>
      <p className="small dim">{text.wasMeNote}</p>
    </div>
  );
}
