import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download, Lock } from "lucide-react";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { toFailure } from "../../app/failure.ts";
import { saveText } from "../../app/files.ts";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { ExactText } from "../../ui/exact-text.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";

const text = en.audit.retention;

export type Segment = Awaited<ReturnType<typeof client.audit.segments>>["segments"][number];

/** Events of a block: fewer can't be sealed. */
const blockEvents = 256;

/** Seals every whole block that no segment holds yet. */
export function SealButton({ left }: { left: number }) {
  const queries = useQueryClient();
  const refusal = useRefusal("audit.verify");
  const seal = useMutation({
    mutationFn: () => client.audit.seal({}),
    onSettled: () => queries.invalidateQueries({ queryKey: orpc.audit.key() }),
  });
  const notYet = refusal ?? (left < blockEvents ? text.tooFew : undefined);
  return (
    <>
      <Button
        look="primary"
        icon={<Lock />}
        notYet={notYet}
        disabled={seal.isPending}
        onClick={() => seal.mutate()}
      >
        {text.seal}
      </Button>
      {seal.isError ? <ErrorState failure={toFailure(seal.error, en.failed.act(text.seal))} /> : null}
    </>
  );
}

/** One segment: its times and notes, and what can be done with it next. */
export function SegmentDetail({ segment }: { segment: Segment }) {
  const note = segment.stub ?? segment.note;
  const name = segment.stub === null ? text.note : text.stub;
  return (
    <Section
      title={text.detail(formatCount(segment.segment))}
      aside={
        <>
          {segment.state === "purged" || segment.state === "purging" ? null : (
            <ExportButton segment={segment} />
          )}
          {segment.state === "expired" ? <PurgeButton segment={segment} /> : null}
        </>
      }
      gap
    >
      <Facts rows="wide">
        <Fact name={text.facts.times}>
          <Time at={segment.fromAt} /> – <Time at={segment.toAt} />
        </Fact>
        <Fact name={text.facts.exported}>
          {segment.exportedAt === null || segment.exportedTo === null ? (
            text.notExported
          ) : (
            <>
              <Time at={segment.exportedAt} />{" "}
              <WholeFact value={segment.exportedTo} copy={text.facts.exported} />
            </>
          )}
        </Fact>
        {segment.purgedAt === null ? null : (
          <Fact name={text.facts.purged}>
            <Time at={segment.purgedAt} />
          </Fact>
        )}
      </Facts>
      <Section
        title={name}
        caption={text.noteCaption}
        aside={
          <Button
            small
            icon={<Download />}
            onClick={() => saveText(`segment-${segment.from}-${segment.to}.note`, note)}
          >
            {text.saveNote}
          </Button>
        }
        gap
      >
        <ExactText text={note} label={name} />
      </Section>
    </Section>
  );
}

function ExportButton({ segment }: { segment: Segment }) {
  const queries = useQueryClient();
  const refusal = useRefusal("audit.verify");
  const [folder, setFolder] = useState("");
  return (
    <AskDialog
      button={text.export.open}
      notYet={refusal}
      title={text.export.title(formatCount(segment.segment))}
      consequence={text.export.consequence}
      act={text.export.act}
      failed={text.export.open}
      ready={/^(\/|[A-Za-z]:[\\/])/.test(folder.trim())}
      run={async () => {
        await client.audit.exportSegment({ segment: segment.segment, folder: folder.trim() });
        await queries.invalidateQueries({ queryKey: orpc.audit.key() });
      }}
    >
      <TextField
        label={en.audit.export.folder}
        note={text.export.folderNote}
        fact
        maxLength={4096}
        value={folder}
        onChange={(event) => setFolder(event.target.value)}
      />
    </AskDialog>
  );
}

function PurgeButton({ segment }: { segment: Segment }) {
  const queries = useQueryClient();
  const refusal = useRefusal("station.manage");
  const [typed, setTyped] = useState("");
  const letters = `${segment.from}-${segment.to}`;
  return (
    <AskDialog
      button={text.purge.open}
      danger
      notYet={refusal}
      title={text.purge.title(formatCount(segment.from), formatCount(segment.to))}
      consequence={text.purge.consequence}
      act={text.purge.act}
      failed={text.purge.open}
      ready={typed.trim() === letters}
      run={async () => {
        await client.audit.purge({ segment: segment.segment, confirm: typed.trim() });
        await queries.invalidateQueries({ queryKey: orpc.audit.key() });
      }}
    >
      <TextField
        label={text.purge.type(letters)}
        note={text.purge.typeNote}
        fact
        maxLength={64}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </AskDialog>
  );
}
