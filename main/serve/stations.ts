import type { PageFiles } from "../page/files.ts";
import { connectClient, type StationClient } from "../cli/client.ts";
import { reachStation, type Reached } from "../station/attach/reach.ts";
import { openLog } from "../station/thread-options.ts";
import { createShelf, type Shelf } from "../workspaces/shelf.ts";
import type { UserPlaces } from "../workspaces/places.ts";
import { Entry, type ComesFrom } from "./entry.ts";
import { Refusals } from "./refusals.ts";
import { startConsoleServer, type ConsoleServer } from "./server.ts";
import type { WorkspaceFace } from "./workspace-face.ts";

/** A station whose page is served: its own port, and so its own origin, cookie, gate and sign-in. */
export interface ServedStation {
  readonly directory: string;
  readonly port: number;
  readonly lost: Promise<string>;
  /** A one-time address; the one before is void. */
  address(lifetimeMs: number, comesFrom?: ComesFrom): string;
  close(): Promise<void>;
}

export interface ServedStationsDeps {
  readonly files: PageFiles;
  readonly places: UserPlaces;
  /** Of an address that a page asked for, to go there at once. */
  readonly switchMs: number;
  /** A station that was opened from a page ended by a fault; the others go on. */
  readonly say: (sentence: string) => void;
}

/**
 * The stations of one `serve`. The first is the command's own; others are opened from its page. They share the process
 * and nothing else: a cookie or a token of one opens nothing at another (docs/adr/0011).
 */
export class ServedStations {
  readonly #deps: ServedStationsDeps;
  readonly #open = new Map<string, Promise<ServedStation>>();
  readonly #gates = new Map<string, StationClient>();
  readonly #shelf: Shelf;

  constructor(deps: ServedStationsDeps) {
    this.#deps = deps;
    this.#shelf = createShelf({
      places: deps.places,
      clock: () => new Date(),
      open: () => [...this.#open.keys()],
      standing: async (directory) =>
        (await this.#gates.get(directory)?.typed.session.state({}))?.station ?? null,
    });
  }

  /** Opens a station, or finds the one that is open. Of two pages that ask at once both get the same. */
  open(directory: string, port = 0): Promise<ServedStation> {
    const found = this.#open.get(directory);
    if (found !== undefined) return found;
    const opening = this.#serve(directory, port);
    this.#open.set(directory, opening);
    opening.catch(() => this.#open.delete(directory));
    return opening;
  }

  async close(): Promise<void> {
    const served = await Promise.allSettled(this.#open.values());
    const opened = served.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    await Promise.all(opened.map((one) => one.close()));
  }

  async #serve(directory: string, port: number): Promise<ServedStation> {
    const reached = await reachStation({ directory, shell: "serve" });
    try {
      return await this.#behindGate(directory, port, reached);
    } catch (error) {
      await reached.close();
      throw error;
    }
  }

  async #behindGate(directory: string, port: number, reached: Reached): Promise<ServedStation> {
    const log = openLog(directory);
    const entry = new Entry(() => performance.now());
    const gate = connectClient(await reached.connect("serve"));
    this.#gates.set(directory, gate);
    const refusals = new Refusals((reason, count) => {
      // Before the station is founded there is no log; then the line of the station's own log has to do.
      gate.call(["session", "entryRefused"], { reason, count }).catch(() => {});
    });
    const server = await startConsoleServer({
      port,
      files: this.#deps.files,
      entry,
      connect: (face) => reached.connect(face),
      refused: (reason) => {
        log.warn({ face: "serve", reason }, "a request was refused");
        refusals.note(reason);
      },
      workspaces: this.#faceFor(directory),
    });
    this.#note(directory);
    return {
      directory,
      port: server.port,
      lost: reached.lost,
      address: (lifetimeMs, comesFrom) =>
        `http://127.0.0.1:${server.port}/#t=${entry.issueToken(lifetimeMs, comesFrom)}`,
      close: () => this.#end(directory, server, refusals, gate, reached),
    };
  }

  async #end(
    directory: string,
    server: ConsoleServer,
    refusals: Refusals,
    gate: StationClient,
    reached: Reached,
  ): Promise<void> {
    this.#open.delete(directory);
    this.#gates.delete(directory);
    await server.close();
    refusals.flush();
    gate.close();
    await reached.close();
  }

  #note(directory: string): void {
    try {
      this.#shelf.opened(directory);
    } catch {
      // A list that can't be read or written is said where somebody asks for it.
    }
  }

  #faceFor(current: string): WorkspaceFace {
    const shelf = this.#shelf;
    const go = async (directory: string) => {
      const served = await this.open(directory);
      void served.lost.then((sentence) => {
        this.#deps.say(sentence);
        void served.close();
      });
      return { ok: true, address: served.address(this.#deps.switchMs, "page") } as const;
    };
    return {
      list: async () => ({ ok: true, view: await shelf.list(current) }),
      keep: async () => ({ ok: true, view: await shelf.keep(current) }),
      open: (name) => go(shelf.directoryOf(name)),
      create: (name) => go(shelf.create(name)),
    };
  }
}
