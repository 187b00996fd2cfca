import { createApprovalsService } from "../areas/approvals/service.ts";
import { otherSteps } from "../areas/approvals/steps.ts";
import { approvalStore } from "../areas/approvals/store.ts";
import { createAuditService } from "../areas/audit/service.ts";
import { createBackupService } from "../areas/backup/service.ts";
import { createDocumentsService } from "../areas/documents/service.ts";
import { createMediaService } from "../areas/media/service.ts";
import { createNotesService } from "../areas/notes/service.ts";
import { createOperatorsService } from "../areas/operators/service.ts";
import { createPeersService } from "../areas/peers/service.ts";
import { createPresenceService } from "../areas/presence/service.ts";
import { createRecoveryService } from "../areas/recovery/service.ts";
import { createReportsService } from "../areas/reports/service.ts";
import { createRequestsService } from "../areas/requests/service.ts";
import { createSessionService } from "../areas/session/service.ts";
import { createDiskGuard } from "../areas/station/disk-space.ts";
import { makeFolders, refuseForeignDirectory } from "../areas/station/found.ts";
import { createSignoffsService } from "../areas/signoffs/service.ts";
import { createStationService } from "../areas/station/service.ts";
import { readStationRow } from "../areas/station/store.ts";
import { createTransferService } from "../areas/transfer/service.ts";
import { createUploadsService } from "../areas/uploads/service.ts";
import { createWatchService } from "../areas/watch/service.ts";
import { Refusal } from "../../shared/errors.ts";
import { createCheckpoints } from "./audit/checkpoints.ts";
import { openAuditGuard } from "./audit/guard.ts";
import { createAuditLog } from "./audit/log.ts";
import { openHeartbeat } from "./audit/heartbeat.ts";
import { Changes } from "./changes.ts";
import { readConfiguration } from "./configuration.ts";
import type { StationIdentity } from "./identity.ts";
import type { Kernel, StationDeps } from "./kernel.ts";
import { Keyring } from "./keys/keyring.ts";
import { keyStore } from "./keys/store.ts";
import { stationPaths } from "./paths.ts";
import { openConnection, type Connection } from "./pipeline/connection.ts";
import type { ResourceLookups } from "./pipeline/reach.ts";
import { createGroupCommit } from "./pipeline/group-commit.ts";
import { createRouter, Running, type Handlers } from "./pipeline/router.ts";
import { makeReserve, releaseReserve } from "./reserve.ts";
import { openStore } from "./store/open-store.ts";
import { version } from "./version.ts";
import type { AnyRouter } from "@orpc/server";

/** An open station: the router over every operation, and connections with a session of their own. */
export interface Station {
  readonly router: AnyRouter;
  /** A new connection of a face: a window, a page, a command line. */
  connect(face: string): Connection;
  /** Ends a connection's session and forgets what it uploaded. */
  disconnect(connection: Connection): void;
  /** Stops running work at its next safe point, waits for it, and closes the database. */
  close(): Promise<void>;
}

/** What a restored station does not do before people have looked at it (docs/format.md, Restores). */
const closedDuringReview: ReadonlySet<string> = new Set(["transfer.export", "transfer.import"]);

/**
 * The composition root: opens the store, wires the areas, returns the router. The caller holds the station
 * lock and keeps it until `close` has returned. Throws `not-ready` when the station's files are not ours,
 * are newer than this program, or are misconfigured.
 */
export async function openStation(deps: StationDeps): Promise<Station> {
  const paths = stationPaths(deps.directory);
  refuseForeignDirectory(paths);
  // First: a directory with a faulty configuration stays as it was.
  const configuration = readConfiguration(paths.configuration);
  makeFolders(paths);
  const store = openStore({ path: paths.database, backups: paths.backups, clock: deps.clock });
  const stopping = new AbortController();
  const keys = keyStore(store);
  const keyring = new Keyring(keys);
  const changes = new Changes();

  let cached: StationIdentity | null = null;
  const founded = () => (cached ??= readStationRow(store));
  const kernel: Kernel = {
    ...deps,
    paths,
    store,
    configuration,
    changes,
    keyring,
    audit: createAuditLog(store, deps.clock),
    founded,
    refound() {
      cached = null;
    },
    identity() {
      const identity = founded();
      if (identity === null) {
        throw new Refusal(
          "not-ready",
          `${deps.directory} holds no station yet. Found one with: sallyport station init`,
        );
      }
      return identity;
    },
    openedAt: deps.clock().toISOString(),
    stopping: stopping.signal,
  };

  makeReserve(paths.reserve);
  const checkpoints = createCheckpoints(kernel);
  const guard = openAuditGuard({ ...kernel, checkpoints, folder: paths.audit });
  const heartbeat = openHeartbeat({
    ...kernel,
    steadyMs: deps.steadyMs ?? (() => performance.now()),
    version,
    program: deps.program ?? null,
    heartbeatMinutes: configuration.audit.heartbeatMinutes,
  });
  const disk = createDiskGuard(kernel);
  const transfer = await createTransferService(kernel);
  const session = createSessionService(kernel, keys, () => transfer.busy());
  const station = createStationService(kernel, keys, session, disk, checkpoints, transfer);
  const approvalRows = approvalStore(store);
  const operators = createOperatorsService(kernel, keys, {
    standingChanged: (name) => session.standingChanged(name),
    voidApprovals: (name, reason) => approvalRows.voidOf(name, reason),
  });
  const recovery = createRecoveryService(kernel, keys, {
    session,
    voidApprovals: (name, reason) => approvalRows.voidOf(name, reason),
  });
  const peers = createPeersService(kernel, transfer);
  const backup = createBackupService(kernel, keys, {
    runJob: (plan, work) => transfer.runJob(plan, work),
    revokePeer: (name, event) => peers.revoke(name, event),
    standingChanged: (name) => session.standingChanged(name),
  });
  const steps = {
    ...recovery.steps,
    ...session.steps,
    ...operators.steps,
    ...station.steps,
    ...backup.steps,
    ...otherSteps(kernel),
  };
  // The area of approvals asks what a step of any area is about, and is asked itself.
  const lookups: Record<string, ResourceLookups[string]> = {};
  const approvals = createApprovalsService(kernel, keys, session, approvalRows, steps, lookups);
  const uploads = createUploadsService(kernel);
  const audit = createAuditService(kernel, checkpoints);
  const signoffs = createSignoffsService(kernel, checkpoints, keys, session);
  const documents = createDocumentsService(kernel, uploads);
  const requests = createRequestsService(kernel, uploads, documents);
  const presence = createPresenceService(kernel, (name) => operators.displayName(name));
  Object.assign(lookups, approvals.lookups, requests.lookups, transfer.lookups);
  const handlers: Handlers = {
    session: session.handlers,
    station: { ...station.handlers, ...backup.handlers },
    operators: operators.handlers,
    presence: presence.handlers,
    approvals: approvals.handlers,
    recovery: recovery.handlers,
    notes: createNotesService(kernel).handlers,
    peers: peers.handlers,
    documents: documents.handlers,
    requests: requests.handlers,
    responses: requests.responses,
    uploads: uploads.handlers,
    transfer: transfer.handlers,
    media: createMediaService(kernel).handlers,
    audit: audit.handlers,
    signoffs: signoffs.handlers,
    watch: createWatchService(kernel, requests, transfer, signoffs, disk).handlers,
    reports: createReportsService(kernel, checkpoints, signoffs).handlers,
  };

  const running = new Running();
  const router = createRouter(handlers, {
    kernel,
    running,
    groups: createGroupCommit(store),
    releaseReserve: () => releaseReserve(paths.reserve),
    gates: [
      (name) => disk.expectRoom(name),
      (name) => {
        if (closedDuringReview.has(name)) backup.review.expectDone();
      },
    ],
    twoPersons: approvals.gate,
    lookups,
    stepUp: (connection, name) => session.expectFresh(connection, name),
    arrived: (connection, person) => session.arrived(connection, person),
  });
  const connections = new Set<Connection>();

  function disconnect(connection: Connection): void {
    connections.delete(connection);
    uploads.ended(connection.id);
    presence.ended(connection);
    session.ended(connection);
  }

  return {
    router,
    connect(face) {
      const connection = openConnection(face, () => performance.now());
      connections.add(connection);
      return connection;
    },
    disconnect,
    async close() {
      stopping.abort();
      await running.idle();
      await transfer.close();
      await backup.close();
      disk.close();
      await audit.close();
      heartbeat.close();
      guard.close();
      for (const connection of connections) disconnect(connection);
      session.close();
      presence.close();
      keyring.lock();
      changes.close();
      store.close();
    },
  };
}
