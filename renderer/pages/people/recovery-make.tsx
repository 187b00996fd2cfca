import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useState } from "react";
import { recoveryBounds } from "../../../shared/contract/recovery.ts";
import { plainLetters } from "../../../shared/share-lines.ts";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import { SheetPreview } from "./recovery-sheet.tsx";
import styles from "./recovery.module.css";

const text = en.recovery.make;

type Made = Awaited<ReturnType<typeof client.recovery.create>>;

/** Make a set: choose how many, see and print one sheet after the other, type a line of each back. */
export function RecoveryMake({ replaces, onDone }: { replaces: number | null; onDone: () => void }) {
  // In this component alone, and in no cache: whoever leaves the page has seen the shares for the last time.
  const [made, setMade] = useState<Made>();
  return made === undefined ? (
    <Choose replaces={replaces} onMade={setMade} onLeave={onDone} />
  ) : (
    <Sheets made={made} onDone={onDone} />
  );
}

interface ChooseProps {
  readonly replaces: number | null;
  readonly onMade: (made: Made) => void;
  readonly onLeave: () => void;
}

function Choose({ replaces, onMade, onLeave }: ChooseProps) {
  const [threshold, setThreshold] = useState(2);
  const [count, setCount] = useState(3);
  const [passphrase, setPassphrase] = useState("");
  const make = useMutation({
    gcTime: 0,
    mutationFn: () => client.recovery.create({ threshold, shares: count, passphrase }),
    onSuccess: (made) => {
      setPassphrase("");
      onMade(made);
    },
  });
  return (
    <Section title={text.title} caption={text.caption}>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== "" && !make.isPending) make.mutate();
        }}
      >
        <div className={styles["pair"]}>
          <SelectField
            label={text.threshold}
            value={threshold}
            onChange={(event) => {
              const next = Number(event.target.value);
              setThreshold(next);
              setCount(Math.max(count, next));
            }}
          >
            {range(recoveryBounds.threshold.least, recoveryBounds.threshold.most).map((number) => (
              <option key={number}>{number}</option>
            ))}
          </SelectField>
          <SelectField
            label={text.count}
            value={count}
            onChange={(event) => setCount(Number(event.target.value))}
          >
            {range(threshold, recoveryBounds.shares.most).map((number) => (
              <option key={number}>{number}</option>
            ))}
          </SelectField>
        </div>
        {replaces === null ? null : <p className="small second">{text.replaces(replaces)}</p>}
        <SecretField
          label={text.passphrase}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoComplete="off"
        />
        <div className={styles["actions"]}>
          <Button type="submit" look="primary" disabled={passphrase === "" || make.isPending}>
            {text.act}
          </Button>
          <Button look="quiet" onClick={onLeave}>
            {en.ui.cancel}
          </Button>
        </div>
      </form>
      {make.isError ? <ErrorState failure={toFailure(make.error, en.failed.act(text.failed))} /> : null}
    </Section>
  );
}

function Sheets({ made, onDone }: { made: Made; onDone: () => void }) {
  const [place, setPlace] = useState(0);
  const [hidden, setHidden] = useState(false);
  const [typed, setTyped] = useState<readonly string[]>(made.shares.map(() => ""));
  const queries = useQueryClient();
  const confirm = useMutation({
    gcTime: 0,
    mutationFn: () =>
      client.recovery.confirm({
        set: made.set.id,
        lines: made.shares.map(({ share }, index) => ({ share, line: typed[index] ?? "" })),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: orpc.recovery.key() });
      onDone();
    },
  });
  const share = made.shares[place];
  if (share === undefined) return null;
  const line = typed[place] ?? "";
  const letters = plainLetters(line);
  const asked = plainLetters(share.lines[share.ask - 1] ?? "");
  const right = letters === asked;
  const last = place === made.shares.length - 1;
  return (
    <Section
      title={text.sheet(share.share, made.set.shares)}
      caption={text.sheetCaption}
      label={text.sheet(share.share, made.set.shares)}
    >
      {hidden ? (
        <form
          className={styles["form"]}
          onSubmit={(event) => {
            event.preventDefault();
            if (!right || confirm.isPending) return;
            if (last) return confirm.mutate();
            setPlace(place + 1);
            setHidden(false);
          }}
        >
          <TextField
            label={text.typeBack(share.ask)}
            note={text.typeNote}
            error={letters.length >= asked.length && !right ? text.wrong(share.ask) : undefined}
            value={line}
            fact
            autoCapitalize="characters"
            onChange={(event) =>
              setTyped(typed.map((one, index) => (index === place ? event.target.value : one)))
            }
          />
          <div className={styles["actions"]}>
            <Button type="submit" look="primary" disabled={!right || confirm.isPending}>
              {last ? text.finish : text.next}
            </Button>
            <Button onClick={() => setHidden(false)}>{text.show}</Button>
          </div>
        </form>
      ) : (
        <div className={styles["form"]}>
          <div className={styles["actions"]}>
            <Button icon={<Printer aria-hidden="true" />} onClick={() => globalThis.print()}>
              {text.print}
            </Button>
            <Button look="primary" onClick={() => setHidden(true)}>
              {text.printed}
            </Button>
            <Button look="quiet" onClick={onDone}>
              {text.leave}
            </Button>
          </div>
          <SheetPreview
            sheet={{ station: made.station, set: made.set, share: share.share, lines: share.lines }}
          />
        </div>
      )}
      {confirm.isError ? (
        <ErrorState failure={toFailure(confirm.error, en.failed.act(text.finishFailed))} />
      ) : null}
    </Section>
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_none, index) => from + index);
}
