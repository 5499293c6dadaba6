import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { decoratedMethods } from '../common/decorated-methods.js';
import { ADDRESSES, COMPOSES } from './mail.decorators.js';
import type { Envelope, MailJob, MailKind } from './mail-map.js';
import type { Mail } from './mailbox.js';

type Composer = (job: MailJob) => Promise<Mail | undefined>;
type Addresser = (job: MailJob) => Promise<Envelope | undefined>;

/** Finds the `@Composes` and `@Addresses` methods of all providers. */
@Injectable()
export class MailComposers {
  private composers: Map<MailKind, Composer> | undefined;
  private addressers: Map<MailKind, Addresser> | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  /** Kinds of mail this process can write: an older release, or a command, leaves the others to other processes. */
  kinds(): MailKind[] {
    return [...this.known().keys()];
  }

  async compose(job: MailJob): Promise<Mail | undefined> {
    return this.known().get(job.kind)!(job);
  }

  /** Undefined also for a kind that another release writes. */
  async envelope(job: MailJob): Promise<Envelope | undefined> {
    this.addressers ??= new Map(
      decoratedMethods<MailKind>(this.discovery, ADDRESSES).map(({ metadata, call }) => [metadata, call]),
    );
    return this.addressers.get(job.kind)?.(job);
  }

  private known(): Map<MailKind, Composer> {
    this.composers ??= new Map(
      decoratedMethods<MailKind>(this.discovery, COMPOSES).map(({ metadata, call }) => [metadata, call]),
    );
    return this.composers;
  }
}
