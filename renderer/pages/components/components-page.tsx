import { useEffect, useRef, useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Edge } from "../../ui/edge.tsx";
import { Mark } from "../../ui/mark.tsx";
import { themes, usePreferences } from "../../ui/preferences.ts";
import { Segmented } from "../../ui/segmented.tsx";
import type { Side } from "../../ui/side.tsx";
import { ControlSamples, FactSamples, SideSamples, StatusSamples } from "./plain-samples.tsx";
import { DialogSample, EmptySample, ErrorSample, PaletteSample, TableSample } from "./layer-samples.tsx";
import { GateSample, LedgerSample, PhraseSample, RateSample, TimelineSample } from "./picture-samples.tsx";
import beside from "../../ui/beside-edge.module.css";
import styles from "./components-page.module.css";
import { useDocumentSide } from "../../ui/document-side.ts";

const text = en.components;
const names: Record<Side, string> = { request: "low", response: "high" };

/** Every component in every theme and on both sides, reachable before a station exists. */
export function ComponentsPage() {
  const [side, setSide] = useState<Side>("request");
  useDocumentSide(side);
  const theme = usePreferences((state) => state.theme);
  const setTheme = usePreferences((state) => state.setTheme);
  const sideText = en.ui.sides[side];
  const main = useRef<HTMLElement>(null);
  // The palette scrolls its first row into sight when it is mounted; here it is only a sample.
  useEffect(() => {
    // Not as the effect's value: scrolling returns a promise in newer engines.
    main.current?.scrollTo(0, 0);
  }, []);
  return (
    <div className={`${beside["page"]} ${beside[side]}`} data-side={side}>
      <Edge
        side={side}
        name={names[side]}
        text={{ side: sideText, label: en.ui.edge.label(names[side], sideText) }}
      />
      <main className={`${beside["main"]} ${styles["main"]}`} ref={main}>
        <header className={styles["head"]}>
          <Mark open="none" />
          <h1>{text.title}</h1>
          <span className={styles["caption"]}>{text.caption}</span>
          <Segmented
            label={text.side}
            value={side}
            onChange={setSide}
            choices={(["request", "response"] as const).map((value) => ({
              value,
              label: en.ui.sides[value],
            }))}
          />
          <Segmented
            label={text.theme}
            value={theme}
            onChange={setTheme}
            choices={themes.map((value) => ({ value, label: en.ui.themes[value] }))}
          />
        </header>
        <div className={styles["specs"]}>
          <div>
            <EmptySample />
            <StatusSamples />
            <SideSamples />
            <FactSamples />
            <PaletteSample side={side} name={names[side]} />
            <TableSample />
          </div>
          <div>
            <ErrorSample />
            <ControlSamples />
            <DialogSample side={side} name={names[side]} />
            <PhraseSample />
            <RateSample />
            <TimelineSample />
          </div>
        </div>
        <GateSample side={side} />
        <LedgerSample />
      </main>
    </div>
  );
}
