import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import { Button } from "../ui/button.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { toFailure } from "./failure.ts";

interface AnswerProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** What is read, for the head of an error. */
  readonly what: string;
  readonly children: (data: Data) => ReactNode;
}

/** What a question to the station shows: quiet while it is read, the data, or why there is none. */
export function Answer<Data>({ query, what, children }: AnswerProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <ErrorState
        failure={toFailure(query.error, en.failed.read(what))}
        actions={<Button onClick={() => void query.refetch()}>{en.ui.again}</Button>}
      />
    );
  }
  return <p className="dim small">{en.ui.loading}</p>;
}
