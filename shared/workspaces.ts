/** A station of the user's own list, as a shell tells it to its pages. */
export interface WorkspaceRow {
  readonly name: string;
  readonly directory: string;
  /** Null until it is founded. */
  readonly side: "request" | "response" | null;
  readonly openedAt: string | null;
  /** This very shell has it open. */
  readonly isOpen: boolean;
}

export interface WorkspaceView {
  /** The name of the station of this page; null where it is not kept. */
  readonly current: string | null;
  readonly stations: readonly WorkspaceRow[];
}

/** What came of an order to the shell: words for a person where it was refused. */
export type WorkspaceAnswer =
  | { readonly ok: true; readonly view?: WorkspaceView; readonly address?: string }
  | { readonly ok: false; readonly sentence: string };
