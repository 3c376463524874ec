import type { MailAddress } from '../mail/address.ts';
import type { Profile } from '../protocol/messages.ts';

/** The person whose mail most tests are about. */
export const li: MailAddress = { name: '李明', address: 'li@hongyan.example' };

/** What a device of Li's is told of him. */
export const profileOfLi: Profile = {
	...li,
	identities: [li],
	organisation: '鸿雁科技',
	domains: ['hongyan.example']
};
