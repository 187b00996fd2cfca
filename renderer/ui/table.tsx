import {
  columnVisibilityFeature,
  createColumnHelper,
  rowSelectionFeature,
  tableFeatures,
  useTable,
  type RowSelectionState,
} from "@tanstack/react-table";
import { Columns3 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useMemo, type KeyboardEvent, type ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import { Button } from "./button.tsx";
import { Checkbox } from "./checkbox.tsx";
import { CopyButton } from "./copy-button.tsx";
import { usePreferences } from "./preferences.ts";
import menu from "./menu.module.css";
import styles from "./table.module.css";

/** One column. `width` in CSS pixels; without it the column takes what is left. */
export interface Column<Row> {
  readonly id: string;
  readonly head: ReactNode;
  /** The name in the list of columns, where the head is not plain text. */
  readonly name?: string;
  readonly cell: (row: Row) => ReactNode;
  readonly width?: number;
  /** Figures stand right, under each other. */
  readonly figures?: boolean;
  readonly strong?: boolean;
  /** The text that a copy of this cell takes. */
  readonly copy?: (row: Row) => string;
  /** A column that names the row can't be hidden. */
  readonly always?: boolean;
}

interface TableProps<Row extends object> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Names the table in the kept preferences; without it columns can't be chosen. */
  readonly id?: string;
  readonly chosen?: string | undefined;
  readonly onChoose?: (row: Row) => void;
  readonly selection?: RowSelectionState;
  readonly onSelectionChange?: (selection: RowSelectionState) => void;
  readonly tone?: (row: Row) => "plain" | "lack";
  readonly slim?: boolean;
  readonly tall?: boolean;
}

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });
export type { RowSelectionState };

/** A dense table: sticky head, keys all the way (arrows, Home, End, Enter, Space), copy and choice of columns. */
export function Table<Row extends object>(props: TableProps<Row>) {
  const { columns, rows, rowKey, selection, onSelectionChange, chosen, onChoose } = props;
  const hidden = usePreferences((state) =>
    props.id === undefined ? none : (state.hiddenColumns[props.id] ?? none),
  );
  const helper = useMemo(() => createColumnHelper<typeof features, Row>(), []);
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map((column) => helper.display({ id: column.id, enableHiding: column.always !== true })),
      ),
    [columns, helper],
  );
  const columnVisibility = useMemo(
    () => Object.fromEntries(hidden.map((id) => [id, false as const])),
    [hidden],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows as Row[],
    getRowId: rowKey,
    state: { columnVisibility, rowSelection: selection ?? {} },
    onRowSelectionChange: (update) =>
      onSelectionChange?.(typeof update === "function" ? update(selection ?? {}) : update),
  });
  const shown = table
    .getVisibleLeafColumns()
    .flatMap((leaf) => columns.find((column) => column.id === leaf.id) ?? []);
  const selects = onSelectionChange !== undefined;
  const focusable = onChoose !== undefined || selects;
  const entry = rows.find((row) => rowKey(row) === chosen) ?? rows[0];

  return (
    <div className={styles["frame"]}>
      <table
        className={[styles["table"], props.slim ? styles["slim"] : "", props.tall ? styles["tall"] : ""].join(
          " ",
        )}
        aria-label={props.label}
      >
        <colgroup>
          {selects ? <col width={28} /> : null}
          {shown.map((column) => (
            <col key={column.id} width={column.width} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {selects ? (
              <th className={styles["check"]}>
                <Checkbox
                  label={en.ui.table.selectAll}
                  hideLabel
                  checked={rows.length > 0 && table.getIsAllRowsSelected()}
                  onChange={(event) => table.toggleAllRowsSelected(event.target.checked)}
                />
              </th>
            ) : null}
            {shown.map((column) => (
              <th key={column.id} className={column.figures ? styles["figures"] : undefined} scope="col">
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.getRowModel().rows.map((line) => {
            const row = line.original;
            const key = line.id;
            const select = line.getToggleSelectedHandler();
            return (
              <tr
                key={key}
                data-row={key}
                tabIndex={focusable ? (row === entry ? 0 : -1) : undefined}
                aria-selected={selects ? line.getIsSelected() : undefined}
                aria-current={chosen === key ? "true" : undefined}
                className={[
                  chosen === key ? styles["on"] : "",
                  line.getIsSelected() ? styles["selected"] : "",
                  props.tone?.(row) === "lack" ? styles["lack"] : "",
                  onChoose === undefined ? "" : styles["pointer"],
                ].join(" ")}
                onClick={(event) => {
                  if (onChoose !== undefined && !inControl(event.target)) onChoose(row);
                }}
                onKeyDown={(event) => {
                  if (event.target !== event.currentTarget) return;
                  if (event.key === "Enter" && onChoose !== undefined) onChoose(row);
                  else if (event.key === " " && selects) line.toggleSelected();
                  else return moveFocus(event);
                  event.preventDefault();
                }}
              >
                {selects ? (
                  <td className={styles["check"]}>
                    <Checkbox
                      label={en.ui.table.select(key)}
                      hideLabel
                      checked={line.getIsSelected()}
                      onChange={select}
                      tabIndex={-1}
                    />
                  </td>
                ) : null}
                {shown.map((column) => (
                  <td
                    key={column.id}
                    className={[
                      column.figures ? styles["figures"] : "",
                      column.strong ? styles["strong"] : "",
                    ].join(" ")}
                  >
                    {column.cell(row)}
                    {column.copy === undefined ? null : (
                      <span className={styles["copy"]}>
                        <CopyButton text={column.copy(row)} what={column.name ?? column.id} />
                      </span>
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const none: readonly string[] = [];

/** A click on a control inside a row is that control's, not the row's. */
function inControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("button, a, label, input") !== null;
}

/** Arrows, Home and End walk the rows; one row is in the tab order. */
function moveFocus(event: KeyboardEvent<HTMLTableRowElement>): void {
  const body = event.currentTarget.parentElement;
  const lines = [...(body?.querySelectorAll<HTMLTableRowElement>("tr[tabindex]") ?? [])];
  const at = lines.findIndex((line) => line === document.activeElement);
  if (at < 0) return;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = lines[Math.min(Math.max(to, 0), lines.length - 1)];
  for (const line of lines) line.tabIndex = line === next ? 0 : -1;
  next?.focus();
}

/** The choice of columns of a table with an `id`. */
export function ColumnMenu<Row>({ table, columns }: { table: string; columns: readonly Column<Row>[] }) {
  const hidden = usePreferences((state) => state.hiddenColumns[table] ?? none);
  const toggle = usePreferences((state) => state.toggleColumn);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button small icon={<Columns3 />}>
          {en.ui.table.columns}
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu["menu"]} align="end" sideOffset={4}>
          {columns
            .filter((column) => column.always !== true)
            .map((column) => (
              <DropdownMenu.CheckboxItem
                key={column.id}
                className={menu["choice"]}
                checked={!hidden.includes(column.id)}
                onSelect={(event) => event.preventDefault()}
                onCheckedChange={() => toggle(table, column.id)}
              >
                <span className={menu["tick"]} />
                {column.name ?? column.head}
              </DropdownMenu.CheckboxItem>
            ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
