/**
 * SQL for the id of the batch that carries one of our own records (null while it waits): a look-up in `lot`, which
 * partitions our records by destination and number.
 *
 * @param record alias of the table `record` in the query around it
 */
export function batchOfOwn(record: string): string {
  return `(SELECT lot.batch FROM lot WHERE lot.destination = ifnull(${record}.peer, 0) AND lot.to_seq >= ${record}.seq
    ORDER BY lot.to_seq LIMIT 1)`;
}
