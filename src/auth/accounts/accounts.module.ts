import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { HouseModule } from '../../house/house.module.js';
import { FactorsModule } from '../factors/factors.module.js';
import { PasskeysModule } from '../passkeys/passkeys.module.js';
import { AccountLocksService } from './account-locks.service.js';
import { AccountMailsService } from './account-mails.service.js';
import { AccountsJobs } from './accounts.jobs.js';
import { AccountsService } from './accounts.service.js';
import { AuthController } from './auth.controller.js';
import { CustomerAccountsService } from './customer-accounts.service.js';
import { CustomersRepository } from './customers.repository.js';
import { LoginService } from './login.service.js';
import { MeController } from './me.controller.js';
import { PasskeysController } from './passkeys.controller.js';
import { PeopleService } from './people.service.js';
import { PersonalDataRepository } from './personal-data.repository.js';
import { RecoveryService } from './recovery.service.js';
import { RolesService } from './roles.service.js';
import { SecurityController } from './security.controller.js';
import { SecurityService } from './security.service.js';
import { ThrottleService } from './throttle.service.js';
import { UserEntity } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';

/** People: registration, passwords, their own data, roles. */
@Module({
  imports: [TypeOrmModule.forFeature([UserEntity]), HouseModule, FactorsModule, PasskeysModule],
  controllers: [AuthController, MeController, SecurityController, PasskeysController, UsersController],
  providers: [
    LoginService,
    AccountsService,
    RecoveryService,
    SecurityService,
    AccountMailsService,
    AccountsJobs,
    RolesService,
    AccountLocksService,
    PeopleService,
    ThrottleService,
    UsersRepository,
    PersonalDataRepository,
    CustomerAccountsService,
    CustomersRepository,
  ],
  exports: [
    LoginService,
    AccountsService,
    RolesService,
    PeopleService,
    UsersRepository,
    CustomerAccountsService,
  ],
})
export class AccountsModule {}
