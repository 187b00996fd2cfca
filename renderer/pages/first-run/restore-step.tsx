import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, ArrowRight } from "lucide-react";
import { useState } from "react";
import { operatorName } from "../../../shared/contract/fields.ts";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { TextField } from "../../ui/field.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import { filled, ShareFields } from "../people/recovery-shares.tsx";
import { Stage } from "./stage.tsx";
import styles from "./stage.module.css";

const text = en.backup.restore;

/** Instead of founding: the station of a backup comes back into this empty directory. */
export function RestoreStep({ onBack }: { onBack: () => void }) {
  const queries = useQueryClient();
  const [from, setFrom] = useState("");
  const [head, setHead] = useState("");
  const [operator, setOperator] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [byShares, setByShares] = useState(false);
  const [shares, setShares] = useState<readonly string[]>(["", ""]);
  const restore = useMutation({
    gcTime: 0,
    mutationFn: () =>
      client.station.restore({
        from: from.trim(),
        operator,
        ...(byShares ? { shares: filled(shares) } : { passphrase }),
        ...(head.trim() === "" ? {} : { head: head.trim() }),
      }),
    onSuccess: async () => {
      setPassphrase("");
      setShares([]);
      await queries.invalidateQueries();
    },
  });
  const absolute = isAbsolute(from);
  const given = byShares ? filled(shares).length > 0 : passphrase !== "";
  const ready = absolute && operatorName.safeParse(operator).success && given;
  return (
    <Stage
      title={text.title}
      about={text.about}
      onSubmit={() => {
        if (ready && !restore.isPending) restore.mutate();
      }}
      back={
        <Button look="quiet" icon={<ArrowLeft />} onClick={onBack}>
          {en.firstRun.back}
        </Button>
      }
      actions={
        <Button type="submit" look="primary" disabled={!ready || restore.isPending}>
          {restore.isPending ? text.acting : text.act}
          <ArrowRight />
        </Button>
      }
    >
      <div className={styles["fields"]}>
        <TextField
          label={text.from}
          note={text.fromNote}
          error={from !== "" && !absolute ? text.fromError : undefined}
          fact
          maxLength={4096}
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <TextField
          label={text.operator}
          note={text.operatorNote}
          maxLength={32}
          value={operator}
          onChange={(event) => setOperator(event.target.value)}
        />
        {byShares ? (
          <ShareFields shares={shares} onChange={setShares} />
        ) : (
          <SecretField
            label={text.passphrase}
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
            autoComplete="off"
          />
        )}
        <Checkbox
          label={text.byShares}
          checked={byShares}
          onChange={(event) => setByShares(event.target.checked)}
        />
        <TextField
          label={text.head}
          note={text.headNote}
          fact
          maxLength={4096}
          value={head}
          onChange={(event) => setHead(event.target.value)}
        />
      </div>
      {restore.isError ? <ErrorState failure={toFailure(restore.error, en.failed.act(text.failed))} /> : null}
      <Section title={text.what}>
        <ul className={styles["facts"]}>
          {text.rows.map(([what, how]) => (
            <li key={what}>
              <b>{what}</b>
              <span>{how}</span>
            </li>
          ))}
        </ul>
      </Section>
    </Stage>
  );
}

function isAbsolute(path: string): boolean {
  return /^(\/|[A-Za-z]:[\\/])/.test(path.trim());
}
