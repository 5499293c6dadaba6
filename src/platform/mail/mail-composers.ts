import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { decoratedMethods } from '../common/decorated-methods.js';
import { COMPOSES } from './mail.decorators.js';
import type { MailJob, MailKind } from './mail-map.js';
import type { Mail } from './mailbox.js';

type Composer = (job: MailJob) => Promise<Mail | undefined>;

/** Finds the `@Composes` methods of all providers. */
@Injectable()
export class MailComposers {
  private composers: Map<MailKind, Composer> | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  /** Kinds of mail this process can write: an older release, or a command, leaves the others to other processes. */
  kinds(): MailKind[] {
    return [...this.known().keys()];
  }

  async compose(job: MailJob): Promise<Mail | undefined> {
    return this.known().get(job.kind)!(job);
  }

  private known(): Map<MailKind, Composer> {
    this.composers ??= new Map(
      decoratedMethods<MailKind>(this.discovery, COMPOSES).map(({ metadata, call }) => [metadata, call]),
    );
    return this.composers;
  }
}
