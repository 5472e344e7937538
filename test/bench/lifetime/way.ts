/** What stands between a page and the server, while it runs. */
export interface Way {
  port: number;
  /** When it forgot a stream without telling either side. */
  forgotten: readonly number[];
  close(): Promise<void>;
}
