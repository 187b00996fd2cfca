import { DoorOpen, Plus, ScrollText } from "lucide-react";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Digest, Id } from "../../ui/fact.tsx";
import { formatCount } from "../../ui/format.ts";
import { PaletteList } from "../../ui/palette.tsx";
import { Section } from "../../ui/section.tsx";
import { otherSide, StationTag, type Side } from "../../ui/side.tsx";
import { ColumnMenu, Table, type Column, type RowSelectionState } from "../../ui/table.tsx";
import { sampleHash, sampleRows, type SampleRow } from "./samples.ts";
import styles from "./samples.module.css";

const text = en.components;

export function EmptySample() {
  const sample = text.empty.sample;
  return (
    <Section title={text.empty.title} caption={text.empty.caption}>
      <EmptyState
        title={sample.title}
        about={sample.about}
        steps={sample.steps}
        action={
          <Button look="primary" icon={<Plus />}>
            {sample.action}
          </Button>
        }
      />
    </Section>
  );
}

export function ErrorSample() {
  return (
    <Section title={text.error.title} caption={text.error.caption}>
      <ErrorState failure={text.error.sample} actions={<Button>{text.error.sample.action}</Button>} />
    </Section>
  );
}

export function PaletteSample({ side, name }: { side: Side; name: string }) {
  const items = [
    {
      id: "export",
      group: "Transfer",
      title: text.dialog.confirm,
      detail: "218",
      icon: <DoorOpen />,
      keys: ["E"],
      run: () => {},
    },
    { id: "audit", group: "Audit", title: text.table.title, icon: <ScrollText />, run: () => {} },
    {
      id: "later",
      group: "Transfer",
      title: text.buttons.notYet,
      notYet: text.buttons.notYetReason,
      icon: <DoorOpen />,
      run: () => {},
    },
  ];
  return (
    <Section title={text.palette.title} caption={text.palette.caption}>
      <div className={styles["palette"]}>
        <PaletteList items={items} station={<StationTag name={name} side={side} />} onChoose={() => {}} />
      </div>
    </Section>
  );
}

export function DialogSample({ side, name }: { side: Side; name: string }) {
  const [open, setOpen] = useState(false);
  const other = otherSide(side);
  return (
    <Section title={text.dialog.title} caption={text.dialog.caption}>
      <div className={styles["wrap"]}>
        <Button onClick={() => setOpen(true)}>{text.dialog.open}</Button>
      </div>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={text.dialog.question}
        consequence={text.dialog.consequence}
        moves={{
          name,
          side,
          sideText: en.ui.sides[side],
          to: { name: other === "request" ? "low" : "high", side: other, word: text.dialog.to },
        }}
        footer={
          <>
            <Button look="quiet" onClick={() => setOpen(false)}>
              {en.ui.cancel}
            </Button>
            <Button look="primary" onClick={() => setOpen(false)}>
              {text.dialog.confirm}
            </Button>
          </>
        }
      >
        <Digest value={sampleHash} caption="sha256 of batch.json" />
      </Dialog>
    </Section>
  );
}

const columns: readonly Column<SampleRow>[] = [
  {
    id: "id",
    head: "request",
    width: 132,
    strong: true,
    always: true,
    cell: (row) => <Id value={row.id} />,
    copy: (row) => row.id,
  },
  { id: "kind", head: "kind", cell: (row) => row.kind },
  { id: "user", head: "user", cell: (row) => row.user },
  { id: "bytes", head: "bytes", figures: true, width: 88, cell: (row) => formatCount(row.count) },
];

export function TableSample() {
  const [selection, setSelection] = useState<RowSelectionState>({});
  const [chosen, setChosen] = useState(sampleRows[1]?.id);
  return (
    <Section
      title={text.table.title}
      caption={text.table.caption}
      aside={<ColumnMenu table="components" columns={columns} />}
    >
      <Table
        id="components"
        label={text.table.title}
        columns={columns}
        rows={sampleRows}
        rowKey={(row) => row.id}
        chosen={chosen}
        onChoose={(row) => setChosen(row.id)}
        selection={selection}
        onSelectionChange={setSelection}
      />
    </Section>
  );
}
