import { en } from "../../../shared/strings/en.ts";
import { formatCount } from "../../ui/format.ts";
import { Segmented } from "../../ui/segmented.tsx";

const text = en.requests;
const filters = ["all", "waiting", "sealed", "imported", "answered", "refused"] as const;
export type StateFilterValue = (typeof filters)[number];
export type StateCounts = Readonly<Record<Exclude<StateFilterValue, "all">, number>>;

export function isFilter(value: string | undefined): value is StateFilterValue {
  return filters.some((name) => name === value);
}

interface StateFilterProps {
  readonly value: StateFilterValue;
  readonly counts: StateCounts | undefined;
  readonly onChange: (value: StateFilterValue) => void;
}

/** The states of a request with how many are in each. */
export function StateFilter({ value, counts, onChange }: StateFilterProps) {
  return (
    <Segmented
      label={text.filter}
      value={value}
      onChange={onChange}
      choices={filters.map((name) => ({
        value: name,
        label: (
          <>
            {text.filters[name]}
            {counts === undefined || name === "all" ? null : (
              <b className="figure">{formatCount(counts[name])}</b>
            )}
          </>
        ),
      }))}
    />
  );
}
