import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/config.js';
import { asyncApi } from './asyncapi.js';

@Injectable()
export class AsyncApiService {
  readonly document: object;

  constructor(@Inject(CONFIG) config: Config) {
    this.document = asyncApi(config.http.publicUrl);
  }
}
