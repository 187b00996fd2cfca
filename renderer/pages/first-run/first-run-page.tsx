import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { useFirstRun } from "../../app/first-run.ts";
import { edgeText } from "../../app/session.ts";
import { BareEdge, Edge } from "../../ui/edge.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { Mark } from "../../ui/mark.tsx";
import { StationTag, type Side } from "../../ui/side.tsx";
import type { StepLook } from "../../ui/steps.tsx";
import { Walk } from "../../ui/walk.tsx";
import { DoneStep } from "./done-step.tsx";
import { OperatorStep } from "./operator-step.tsx";
import { RestoreStep } from "./restore-step.tsx";
import { PairStep } from "./pair-step.tsx";
import { SampleStep } from "./sample-step.tsx";
import { SideStep, type Founding } from "./side-step.tsx";
import styles from "./first-run-page.module.css";
import { useDocumentSide } from "../../ui/document-side.ts";

const text = en.firstRun;
const order = ["side", "operator", "pair", "crossing", "done"] as const;
type Step = (typeof order)[number];

interface FirstRunState {
  readonly station: { readonly name: string; readonly side: Side; readonly people: "one" | "two" } | null;
  readonly directory: string;
  readonly version: string;
}

/** The guided path from an empty directory to a paired station. Each step can be left and done later on its own page. */
export function FirstRunPage({ state }: { state: FirstRunState }) {
  const [founding, setFounding] = useState<Founding | null>(null);
  const [asked, setAsked] = useState<"side" | "operator" | "restore">("side");
  const walk = useFirstRun((one) => one.step);
  const { station } = state;
  const restoring = station === null && asked === "restore";
  const step: Step = station === null ? (asked === "restore" ? "side" : asked) : (walk ?? "pair");
  const side = station?.side ?? (asked === "operator" ? founding?.side : undefined);
  useDocumentSide(side ?? founding?.side ?? "none");
  return (
    <div
      className={`${styles["setup"]} ${styles[side ?? "none"]}`}
      data-side={side ?? founding?.side ?? "none"}
    >
      {side === undefined ? (
        <BareEdge text={en.ui.edge.bare} />
      ) : (
        <Edge
          side={side}
          name={station?.name ?? founding?.name ?? ""}
          text={edgeText(
            station?.name ?? founding?.name ?? "",
            side,
            station?.people ?? founding?.people ?? "one",
          )}
        />
      )}
      <aside className={styles["path"]} aria-label={text.title}>
        <div className={styles["head"]}>
          <Mark open="none" />
          <b>{en.product}</b>
        </div>
        <h1>{text.title}</h1>
        <p className="dim">{text.about}</p>
        <div className={styles["walk"]}>
          <Walk
            steps={order.map((name) => ({
              look: lookOf(name, step),
              title: text.steps[name].title,
              caption: text.steps[name].caption,
              aside: name === step ? text.times.now : "",
            }))}
          />
        </div>
        <div className={styles["facts"]}>
          <Facts>
            {station === null ? null : (
              <Fact name={text.facts.station}>
                <StationTag name={station.name} side={station.side} />
              </Fact>
            )}
            <Fact name={text.facts.version}>{state.version}</Fact>
            <Fact name={text.facts.data}>
              <span className="fact" title={state.directory}>
                {state.directory}
              </span>
            </Fact>
            {/* In the window there is no address: the account's own process is the proof. */}
            {station === null && window.sallyport === undefined ? (
              <Fact name={text.facts.code}>{text.code}</Fact>
            ) : null}
            <Fact name={text.facts.network}>{text.network}</Fact>
          </Facts>
        </div>
      </aside>
      <main className={styles["stage"]}>
        {restoring ? <RestoreStep onBack={() => setAsked("side")} /> : null}
        {step === "side" && !restoring ? (
          <SideStep
            directory={state.directory}
            founding={founding}
            onNext={(next) => {
              setFounding(next);
              setAsked("operator");
            }}
            onChoose={setFounding}
            onRestore={() => setAsked("restore")}
          />
        ) : null}
        {step === "operator" && founding !== null ? (
          <OperatorStep founding={founding} onBack={() => setAsked("side")} />
        ) : null}
        {step === "pair" && station !== null ? <PairStep side={station.side} /> : null}
        {step === "crossing" && station !== null ? <SampleStep /> : null}
        {step === "done" && station !== null ? <DoneStep name={station.name} /> : null}
      </main>
    </div>
  );
}

function lookOf(name: Step, present: Step): StepLook {
  const [at, now] = [order.indexOf(name), order.indexOf(present)];
  return at < now ? "done" : at === now ? "running" : "waiting";
}
