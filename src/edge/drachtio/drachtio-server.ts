/** One drachtio-server: its admin port and the secret of it. */
export interface DrachtioServer {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}
