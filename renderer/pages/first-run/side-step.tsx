import { ArchiveRestore, ArrowRight } from "lucide-react";
import { useState } from "react";
import { stationName } from "../../../shared/contract/fields.ts";
import { en } from "../../../shared/strings/en.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { Section } from "../../ui/section.tsx";
import type { Side } from "../../ui/side.tsx";
import { Clock } from "../../ui/time.tsx";
import { SideOption } from "./side-option.tsx";
import { Stage } from "./stage.tsx";
import stage from "./stage.module.css";
import styles from "./side-step.module.css";

const text = en.firstRun.side;

/** What a station is founded with, before its first operator. */
export interface Founding {
  readonly name: string;
  readonly side: Side;
  readonly people: "one" | "two";
}

interface SideStepProps {
  readonly directory: string;
  readonly founding: Founding | null;
  readonly onChoose: (founding: Founding) => void;
  readonly onNext: (founding: Founding) => void;
  readonly onRestore: () => void;
}

const usualNames: Record<Side, string> = { request: "low", response: "high" };

/** Step 1: the side, which can't be changed later, and the name. */
export function SideStep({ directory, founding, onChoose, onNext, onRestore }: SideStepProps) {
  const [name, setName] = useState(founding?.name ?? "");
  const [people, setPeople] = useState<"one" | "two">(founding?.people ?? "one");
  const side = founding?.side;
  const faulty = name !== "" && !stationName.safeParse(name).success;
  const ready = side !== undefined && stationName.safeParse(name).success;
  const choose = (next: Side): void => {
    const named =
      name === "" || name === usualNames.request || name === usualNames.response ? usualNames[next] : name;
    setName(named);
    onChoose({ name: named, side: next, people });
  };
  return (
    <Stage
      title={text.title}
      about={text.about}
      onSubmit={() => {
        if (side !== undefined && ready) onNext({ name, side, people });
      }}
      back={
        <Button look="quiet" icon={<ArchiveRestore />} onClick={onRestore}>
          {en.backup.restore.link}
        </Button>
      }
      actions={
        <Button
          type="submit"
          look="primary"
          disabled={!ready}
          title={side === undefined ? text.choose : undefined}
        >
          {en.firstRun.next}
          <ArrowRight />
        </Button>
      }
    >
      <fieldset className={styles["options"]}>
        <legend className="hidden-text">{text.legend}</legend>
        <SideOption side="request" chosen={side === "request"} onChoose={() => choose("request")} />
        <SideOption side="response" chosen={side === "response"} onChoose={() => choose("response")} />
      </fieldset>
      <div className={styles["form"]}>
        <div className={styles["field"]}>
          <TextField
            label={text.name}
            note={text.nameNote}
            error={faulty ? text.nameError : undefined}
            value={name}
            maxLength={32}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className={styles["field"]}>
          <TextField label={text.directory} note={text.directoryNote} value={directory} fact readOnly />
        </div>
        <div className={styles["field"]}>
          <SelectField
            label={text.people}
            note={text.peopleNotes[people]}
            value={people}
            onChange={(event) => setPeople(event.target.value === "two" ? "two" : "one")}
          >
            <option value="one">{text.one}</option>
            <option value="two">{text.two}</option>
          </SelectField>
        </div>
        <div className={styles["people"]}>
          <span className="small second">{text.clock}</span>
          <span>
            <Clock label={en.ui.bar.zoneSwitch} />
          </span>
          <span className={styles["note"]}>{text.clockNote}</span>
        </div>
      </div>
      <Section title={text.made} caption={text.madeCaption}>
        <ul className={stage["rows"]}>
          {text.madeRows.map(([what, how, where]) => (
            <li key={what}>
              <b>{what}</b>
              <span>{how}</span>
              <span className="dim">{where}</span>
            </li>
          ))}
        </ul>
      </Section>
    </Stage>
  );
}
