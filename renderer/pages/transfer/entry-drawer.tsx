import { en } from "../../../shared/strings/en.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Drawer } from "../../ui/drawer.tsx";
import { Digest, WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { EntryState, Way, type Entry } from "./entry-columns.tsx";
import { stockCommands } from "./stock-commands.ts";
import { GiveUp } from "./give-up-dialog.tsx";
import { Skip } from "./missing-numbers.tsx";
import { client } from "../../rpc.ts";
import { ExactText } from "../../ui/exact-text.tsx";
import { useSession } from "../../app/session.ts";

const text = en.transfer.ledger;

/** One batch in full: its identity, its times, what the receipt says, and how to check it without us. */
export function EntryDrawer({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const { name } = useSession();
  const title = text.detail(formatCount(entry.sequence));
  return (
    <Drawer title={title} label={title} subtitle={<Way entry={entry} />} onClose={onClose}>
      <Facts rows="wide">
        <Fact name={text.columns.state}>
          <EntryState entry={entry} />
        </Fact>
        {entry.reason === null ? null : <Fact name={text.reason}>{entry.reason}</Fact>}
        {entry.batch === null ? null : (
          <Fact name={text.columns.batch}>
            <WholeFact value={entry.batch} copy={text.columns.batch} />
          </Fact>
        )}
        <Fact name={text.columns.created}>
          <Time at={entry.createdAt} />
        </Fact>
        {entry.copiedAt === null ? null : (
          <Fact name={text.copied}>
            <Time at={entry.copiedAt} />
          </Fact>
        )}
        {entry.settledAt === null ? null : (
          <Fact name={text.columns.settled}>
            <Time at={entry.settledAt} />
          </Fact>
        )}
        <Fact name={text.columns.records}>{formatCount(entry.records)}</Fact>
        <Fact name={text.columns.bytes}>{formatBytes(entry.bytes)}</Fact>
        {entry.medium === null ? null : (
          <Fact name={text.columns.medium}>
            <OutsideText text={entry.medium} />
          </Fact>
        )}
        {entry.readBack === null ? null : <Fact name={text.readBack}>{entry.readBack}</Fact>}
      </Facts>
      <Section title={text.receipt} gap>
        {entry.settledAt === null ? (
          <p className="small dim">{text.noReceipt}</p>
        ) : (
          <Facts>
            <Fact name={text.columns.imported}>{formatCount(entry.imported)}</Fact>
            <Fact name={text.duplicate}>{formatCount(entry.duplicate)}</Fact>
            <Fact name={text.columns.quarantined}>{formatCount(entry.quarantined)}</Fact>
          </Facts>
        )}
      </Section>
      {entry.sha256 === null ? null : (
        <Section title={text.columns.sha256} gap>
          <Digest value={entry.sha256} caption={text.columns.sha256} />
        </Section>
      )}
      {entry.batch === null ? null : (
        <Section
          title={text.verifyTitle}
          aside={
            <CopyButton
              text={stockCommands(entry.batch, entry.own ? name : entry.peer)}
              what={text.verifyTitle}
            />
          }
          gap
        >
          <ExactText
            text={stockCommands(entry.batch, entry.own ? name : entry.peer)}
            label={text.verifyTitle}
          />
        </Section>
      )}
      <GivingUp entry={entry} />
    </Drawer>
  );
}

/** Where a batch stays for ever: ours that can't be carried, or a peer's that never gets further. */
function GivingUp({ entry }: { entry: Entry }) {
  const { peer, sequence, batch } = entry;
  const words = en.transfer.giveUp;
  if (entry.own && batch !== null && ["sealed", "copied", "verified"].includes(entry.state)) {
    return (
      <Section title={words.whole} gap>
        <p className="small second">{words.wholeAbout(peer)}</p>
        <GiveUp
          label={words.own}
          title={words.ownTitle(formatCount(sequence), peer)}
          consequence={words.ownConsequence(peer)}
          confirm={batch}
          onConfirm={(note, confirm) => client.transfer.giveUp({ peer, sequence, note, confirm })}
        />
      </Section>
    );
  }
  if (!entry.own && entry.state === "held") {
    return (
      <Section title={en.transfer.missing.stuck} gap>
        <p className="small second">{en.transfer.missing.stuckAbout}</p>
        <Skip peer={peer} sequence={sequence} />
      </Section>
    );
  }
  return null;
}
