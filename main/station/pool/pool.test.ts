import { afterEach, describe, expect, test } from "vitest";
import { Refusal } from "../../../shared/errors.ts";
import { TaskError } from "./carry-error.ts";
import type { FixtureTasks } from "./fixtures/worker.ts";
import { createPool, type Pool } from "./pool.ts";

const pools: Pool<FixtureTasks>[] = [];
function pool(threads: number): Pool<FixtureTasks> {
  const made = createPool<FixtureTasks>(new URL("./fixtures/worker.ts", import.meta.url), threads);
  pools.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.close()));
});

describe("the worker pool", () => {
  test("answers more tasks than it has threads, each with its own result", async () => {
    const two = pool(2);
    const results = await Promise.all([1, 2, 3, 4, 5].map((value) => two.run("double", value)));
    expect(results).toEqual([2, 4, 6, 8, 10]);
  });

  test("moves buffers there and back instead of copying them", async () => {
    const bytes = new Uint8Array(1024);
    const filled = await pool(1).run("fill", { bytes, value: 7 }, [bytes.buffer]);
    expect(bytes.byteLength).toBe(0);
    expect(filled.every((byte) => byte === 7)).toBe(true);
  });

  test("brings a refusal back as a refusal, with its facts", async () => {
    const thrown = await pool(1)
      .run("refuse", "No room left.")
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Refusal);
    expect(thrown).toMatchObject({ code: "no-room", message: "No room left.", facts: { path: "/spool" } });
  });

  test("brings any other error back with its name and its system code", async () => {
    const thrown = await pool(1)
      .run("fail", "ENOSPC")
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(TaskError);
    expect(thrown).toMatchObject({ name: "RangeError", code: "ENOSPC", message: "the disk said no" });
  });

  test("says which task lost its thread, and gives the next task a new one", async () => {
    const one = pool(1);
    const lost = one.run("die", 3);
    const queued = one.run("double", 21);
    await expect(lost).rejects.toThrow("A worker thread stopped during die: it ended with code 3.");
    expect(await queued).toBe(42);
  });

  test("rejects what runs and what waits when it is closed", async () => {
    const one = pool(1);
    const running = one.run("hang", null);
    const waiting = one.run("double", 1);
    const outcomes = Promise.allSettled([running, waiting]);
    await one.close();
    expect((await outcomes).map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
    await expect(one.run("double", 1)).rejects.toThrow("the pool is closed");
  });
});
