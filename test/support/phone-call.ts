import { parseCseq } from '../../src/sip/cseq.ts';
import {
  type ByteString,
  headerOf,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../src/sip/message.ts';
import { parseNameAddr } from '../../src/sip/name-addr.ts';
import { Mailbox } from './mailbox.ts';
import { type Phone, type PhoneRequest, randomToken, tagOf } from './phone.ts';

/** An inactive audio session (RFC 4566), as a phone offers it. */
export const OFFER: ByteString =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n';

export interface CallOptions {
  /** More headers of the INVITE. */
  readonly headers?: readonly ByteString[];
  /** SDP; OFFER unless given. */
  readonly body?: ByteString;
  /** False: finals are not acknowledged until `acknowledge` is called. */
  readonly acks?: boolean;
}

/** A call of a phone to `uri`: its INVITE is on the wire once this returns. */
export function placeCall(phone: Phone, uri: ByteString, options: CallOptions = {}): PhoneCall {
  const call = new PhoneCall(phone, uri, options);
  phone.listen((message) => call.hear(message));
  call.invite();
  return call;
}

/** A call as its caller sees it (RFC 3261 §13.2, §15). */
export class PhoneCall {
  readonly callId = randomToken();
  readonly fromTag = randomToken();
  readonly branch = `z9hG4bK${randomToken()}`;
  readonly uri: ByteString;
  /** Whether finals are acknowledged at once. */
  acks: boolean;
  /** Responses to the INVITE, copies too. */
  readonly responses = new Mailbox<SipResponse>('response to INVITE');
  /** BYEs of the other side, copies too. */
  readonly byes = new Mailbox<SipRequest>('BYE');
  /** The first final response. */
  final: SipResponse | null = null;
  cseq = 1;
  readonly #phone: Phone;
  readonly #options: CallOptions;
  #text: ByteString = '';

  constructor(phone: Phone, uri: ByteString, options: CallOptions) {
    this.#phone = phone;
    this.#options = options;
    this.uri = uri;
    this.acks = options.acks ?? true;
  }

  /** Sends the INVITE; the same octets each time. */
  invite(): void {
    if (this.#text === '') this.#text = this.#phone.write({ ...this.#invite(), ...this.#outside() });
    this.#phone.send(this.#text);
  }

  /** Waits for the final response, or for its next copy. */
  answer(ms?: number): Promise<SipResponse> {
    return this.responses.until(({ status }) => status >= 200, ms);
  }

  /** Sends the ACK to the final response: of its transaction if that refuses, otherwise of the dialog. */
  acknowledge(): void {
    if (this.final === null) throw new Error('There is no final response to acknowledge');
    const toTag = tagOf(this.final, 'to');
    const request =
      this.final.status < 300
        ? { method: 'ACK', ...this.#inside(), cseq: 1 }
        : { method: 'ACK', ...this.#outside(), toTag };
    this.#phone.send(this.#phone.write(request));
  }

  /** Sends CANCEL and waits for its answer. */
  cancel(): Promise<SipResponse> {
    return this.#phone.request({ method: 'CANCEL', ...this.#outside() });
  }

  /** Sends BYE in the dialog and waits for its answer. */
  hangUp(): Promise<SipResponse> {
    this.cseq += 1;
    return this.#phone.request({ method: 'BYE', ...this.#inside() });
  }

  /** Sends an INVITE in the dialog, waits for its final response and acknowledges that if it refuses. */
  async reinvite(): Promise<SipResponse> {
    this.cseq += 1;
    const branch = `z9hG4bK${randomToken()}`;
    const response = await this.#phone.request({ ...this.#invite(), ...this.#inside(), branch });
    const ack = { method: 'ACK', ...this.#inside(), branch };
    if (response.status >= 300) this.#phone.send(this.#phone.write(ack));
    return response;
  }

  /** Takes what the phone hears, if it belongs to the call. */
  hear(message: SipMessage): void {
    if (headerOf(message, 'call-id') !== this.callId) return;
    const cseq = parseCseq(headerOf(message, 'cseq') ?? '');
    if (message.kind === 'request') {
      if (message.method === 'BYE') this.byes.push(message);
    } else if (cseq?.method === 'INVITE' && cseq.number === 1) {
      this.#take(message);
    }
  }

  #take(response: SipResponse): void {
    if (response.status >= 200) this.final ??= response;
    if (response.status >= 200 && this.acks) this.acknowledge();
    this.responses.push(response);
  }

  #invite(): Omit<PhoneRequest, 'uri'> {
    const { headers = [], body = OFFER } = this.#options;
    const type = body === '' ? [] : ['content-type', 'application/sdp'];
    return { method: 'INVITE', headers: [...type, ...headers], body };
  }

  #outside(): Omit<PhoneRequest, 'method'> {
    const { uri, callId, fromTag, branch } = this;
    return { uri, callId, fromTag, branch, cseq: 1 };
  }

  #inside(): Omit<PhoneRequest, 'method'> {
    const { final, callId, fromTag, cseq } = this;
    const contact = final === null ? null : headerOf(final, 'contact');
    const uri = parseNameAddr(contact ?? '')?.uri ?? this.uri;
    const toTag = final === null ? '' : tagOf(final, 'to');
    return { uri, callId, fromTag, toTag, cseq };
  }
}
