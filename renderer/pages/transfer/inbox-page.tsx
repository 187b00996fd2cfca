import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FileDown } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useRefusal, useSession } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { BagTable, type Bag } from "./bag-table.tsx";
import { MediumPicker } from "./medium-picker.tsx";
import { useMediumChoice } from "./medium-choice.ts";
import { Columns, Stack } from "../../ui/columns.tsx";
import styles from "./gate-page.module.css";

const text = en.transfer.inbox;

/** What a medium carries, in sentences, before anything is taken from it. */
export function InboxPage() {
  const path = useMediumChoice((choice) => choice.path);
  const looked = useQuery({
    ...orpc.transfer.explain.queryOptions({ input: { medium: path ?? "/" } }),
    enabled: path !== null,
    staleTime: 0,
    gcTime: 0,
  });
  const bags = looked.data?.bags ?? [];
  const ready = bags.filter(isReady).length;
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const take = useMutation({
    // Bound to what is shown here: another bag, or another batch in a bag, is not imported.
    mutationFn: (medium: string) =>
      client.transfer.import({ medium, expect: bags.map(({ bag, sha256 }) => ({ bag, sha256 })) }),
    onMutate: () => {
      setAsking(false);
      navigate("/transfer");
    },
    onError: () => navigate("/transfer/inbox"),
    onSettled: () => queries.invalidateQueries({ queryKey: orpc.transfer.explain.key() }),
  });
  return (
    <div className={styles["gate"]}>
      <InboxSay
        path={path}
        looking={looked.isFetching}
        bags={bags}
        ready={ready}
        busy={take.isPending}
        onImport={() => setAsking(true)}
      />
      <Columns kind="aside">
        <Stack>
          {take.isError ? (
            <ErrorState failure={toFailure(take.error, en.failed.act(text.importFailed))} />
          ) : null}
          {looked.isError ? (
            <ErrorState
              failure={toFailure(looked.error, en.failed.read(en.transfer.medium.look))}
              actions={<Button onClick={() => void looked.refetch()}>{en.ui.again}</Button>}
            />
          ) : null}
          <Section title={text.bags} caption={text.bagsCaption}>
            {bags.length === 0 ? (
              <EmptyState title={text.emptyTitle} about={text.emptyAbout} steps={text.emptySteps} />
            ) : (
              <BagTable bags={bags} />
            )}
          </Section>
          {looked.data === undefined || looked.data.ignored.length === 0 ? null : (
            <Section title={text.ignored} caption={text.ignoredCaption}>
              <ul className="small second">
                {looked.data.ignored.map((name) => (
                  <li key={name} className="fact">
                    <OutsideText text={name} />
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </Stack>
        <MediumPicker />
      </Columns>
      <ImportDialog
        words={onlyRecords(bags) ? recordWords : importWords}
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => (path === null ? undefined : take.mutate(path))}
      />
    </div>
  );
}

/** What a worn medium does not do: somebody made it so. */
const deeds: ReadonlySet<string> = new Set([
  "fork",
  "not-a-regular-file",
  "fetch-txt",
  "bad-signature",
  "wrong-namespace",
  "from-is-not-signer",
  "manifest-of-another-batch",
]);

function isAlarm({ state, reason }: Bag): boolean {
  return state === "fork" || (state === "refused" && reason !== null && deeds.has(reason));
}

/** Only what the inspection found whole, expected and for us is worth an import. */
function isReady(bag: Bag): boolean {
  return bag.state === "verified" || bag.state === "imported" || bag.state === "missing-before";
}

/** Nothing can be taken, but a fork or another lineage is to be kept, so that it stays an alarm. */
function onlyRecords(bags: readonly Bag[]): boolean {
  return !bags.some(isReady) && bags.some(({ state }) => state === "fork" || state === "held");
}

interface InboxSayProps {
  readonly path: string | null;
  readonly looking: boolean;
  readonly bags: readonly Bag[];
  readonly ready: number;
  readonly busy: boolean;
  readonly onImport: () => void;
}

function InboxSay({ path, looking, bags, ready, busy, onImport }: InboxSayProps) {
  const role = useRefusal("transfer.import");
  const all = formatCount(bags.length);
  const records = onlyRecords(bags);
  const notYet =
    role ??
    (path === null
      ? text.notYet.medium
      : ready === 0 && !records
        ? text.notYet.nothing
        : busy
          ? en.transfer.gate.notYet.running
          : undefined);
  const alarms = bags.filter(isAlarm);
  const sentence =
    path === null
      ? text.say.choose
      : looking
        ? text.say.looking
        : alarms.length > 0
          ? text.alarm(formatCount(alarms.length), all)
          : bags.length === 0
            ? text.say.empty
            : ready === 0
              ? text.say.none(all)
              : text.say.some(formatCount(ready), all);
  return (
    <Say
      sentence={sentence}
      {...(alarms.length === 0 ? {} : { tone: "bad" as const, glyph: "failed" as const })}
      actions={
        <Button look="primary" icon={<FileDown />} notYet={notYet} onClick={onImport}>
          {records ? text.record : text.import}
        </Button>
      }
    >
      {alarms[0]?.sentence ?? text.about}
    </Say>
  );
}

const importWords = { title: text.importTitle, consequence: text.importConsequence, confirm: text.import };
const recordWords = { title: text.recordTitle, consequence: text.recordConsequence, confirm: text.record };

function ImportDialog({
  words,
  open,
  onClose,
  onConfirm,
}: {
  words: { readonly title: string; readonly consequence: string; readonly confirm: string };
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
}) {
  const { name, side } = useSession();
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : onClose())}
      title={words.title}
      consequence={words.consequence}
      moves={{ name, side, sideText: en.ui.sides[side] }}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {en.ui.cancel}
          </Button>
          <Button look="primary" onClick={onConfirm}>
            {words.confirm}
          </Button>
        </>
      }
    />
  );
}
