/**
 * Memory for parts that are being opened or wait their turn: ciphertext and plaintext of each. Three honest
 * parts of 16 MiB fit; of the largest that the format allows, one at a time. Two of those at once took an
 * import to 518 MiB, one to 391.
 */
const aheadBytes = 96 * 1024 * 1024;

/** Parts at most: the database takes a part about as fast as a thread opens one, so more would only wait. */
const aheadParts = 3;

/**
 * Opens items in parallel and gives them in their order. A later one's error waits until those before it
 * were given, so that the first broken part decides.
 */
export async function* openAhead<Item, Result>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  open: (item: Item) => Promise<Result>,
): AsyncGenerator<{ readonly item: Item; readonly result: Result }> {
  const running: { item: Item; bytes: number; result: Promise<Result> }[] = [];
  let next = 0;
  let bytesAhead = 0;
  const fill = (): void => {
    for (; running.length < aheadParts; next += 1) {
      const item = items[next];
      if (item === undefined) return;
      const bytes = sizeOf(item);
      if (running.length > 0 && bytesAhead + bytes > aheadBytes) return;
      const result = open(item);
      // Awaited in turn below; a rejection before that must not count as unhandled.
      result.catch(() => {});
      running.push({ item, bytes, result });
      bytesAhead += bytes;
    }
  };
  try {
    for (;;) {
      fill();
      const first = running.shift();
      if (first === undefined) return;
      yield { item: first.item, result: await first.result };
      bytesAhead -= first.bytes;
    }
  } finally {
    await Promise.allSettled(running.map(({ result }) => result));
  }
}
