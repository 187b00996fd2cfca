import { Copy } from "lucide-react";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ExactText } from "../../ui/exact-text.tsx";
import { Digest, Fingerprint, Hash } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { statusKinds } from "../../ui/glyph.tsx";
import { Keys } from "../../ui/keys.tsx";
import { Mark } from "../../ui/mark.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Progress } from "../../ui/progress.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { StationTag } from "../../ui/side.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import { sampleBody, sampleFingerprint, sampleHash, sampleOutside } from "./samples.ts";
import styles from "./samples.module.css";

const text = en.components;

export function StatusSamples() {
  return (
    <Section title={text.status.title} caption={text.status.caption}>
      <div className={styles["wrap"]}>
        {statusKinds.map((kind) => (
          <Status key={kind} kind={kind}>
            {text.words[kind]}
          </Status>
        ))}
      </div>
    </Section>
  );
}

export function ControlSamples() {
  const [choice, setChoice] = useState<"all" | "waiting" | "answered">("all");
  const [checked, setChecked] = useState(true);
  const fields = text.fields;
  return (
    <Section title={text.controls.title} caption={text.controls.caption}>
      <div className={styles["wrap"]}>
        <Button look="primary">{text.buttons.primary}</Button>
        <Button>{text.buttons.normal}</Button>
        <Button look="danger">{text.buttons.danger}</Button>
        <Button notYet={text.buttons.notYetReason}>{text.buttons.notYet}</Button>
        <Button look="quiet" icon={<Copy />}>
          {text.buttons.quiet}
        </Button>
        <Keys keys={[en.keys.control, "K"]} />
      </div>
      <div className={styles["fields"]}>
        <SelectField label={fields.peer} note={fields.peerNote} defaultValue="high">
          <option>high</option>
        </SelectField>
        <TextField label={fields.cap} note={fields.capNote} defaultValue="/media/stick" fact />
        <TextField label={fields.name} error={fields.nameError} defaultValue={fields.nameValue} />
        <SecretField label={fields.passphrase} note={fields.passphraseNote} />
      </div>
      <div className={styles["wrap"]}>
        <Segmented
          label={fields.chosen}
          value={choice}
          onChange={setChoice}
          choices={(["all", "waiting", "answered"] as const).map((value) => ({
            value,
            label: fields.choices[value],
          }))}
        />
        <Checkbox
          label={fields.check}
          checked={checked}
          onChange={(event) => setChecked(event.target.checked)}
        />
        <Progress done={61} total={100} label={text.progress} />
        <Progress done={0} total={100} label={text.progress} parked />
      </div>
      <TextArea label={fields.body} defaultValue={'{"query":"door","limit":5}'} rows={2} />
    </Section>
  );
}

export function SideSamples() {
  return (
    <Section title={text.sides.title} caption={text.sides.caption}>
      <div className={styles["wrap"]}>
        <StationTag name="low" side="request" /> <span className="dim small">{text.stages.teeth}</span>
        <StationTag name="high" side="response" /> <span className="dim small">{text.stages.battlement}</span>
        {(["none", "request", "response"] as const).map((open) => (
          <span key={open} className={styles["pair"]}>
            <Mark open={open} />
            <span className="dim small">{text.marks[open]}</span>
          </span>
        ))}
      </div>
    </Section>
  );
}

export function FactSamples() {
  return (
    <Section title={text.facts.title} caption={text.facts.caption}>
      <Facts>
        <Fact name="sha256">
          <Hash value={sampleHash} copy="sha256" />
        </Fact>
        <Fact name="key">
          <Fingerprint value={sampleFingerprint} copy="key" />
        </Fact>
        <Fact name="time">
          <Time at="2026-11-21T14:31:07.000Z" />
        </Fact>
        <Fact name="text">
          <OutsideText text={sampleOutside} />
        </Fact>
      </Facts>
      <Digest value={sampleHash} caption="sha256 of batch.json" />
      <ExactText text={sampleBody} label={text.fields.body} />
    </Section>
  );
}
