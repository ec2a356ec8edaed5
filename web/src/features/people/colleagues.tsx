import { useInfiniteQuery } from '@tanstack/react-query'
import { UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useSession } from '@/api/session'
import { Avatar } from '@/ui/avatar'
import { Chip } from '@/ui/chip'
import { EmptyState } from '@/ui/empty-state'
import { ErrorPanel } from '@/ui/error-panel'
import { membersQuery } from './api/list-members'
import { ListSkeleton } from './list-skeleton'
import { SearchField } from './search-field'
import { ShowMore } from './show-more'

type Props = { search: string; onSearch: (text: string) => void }

/** The names of the workspace's people, for who does not manage them. */
export function Colleagues({ search, onSearch }: Props) {
  const { t } = useTranslation()
  const { user } = useSession()
  const members = useInfiniteQuery({
    ...membersQuery(search ? { search } : {}),
    placeholderData: (previous) => previous,
  })
  const problem = asProblem(members.error)
  const items = members.data?.pages.flatMap((page) => page.items)
  const list = () => {
    if (!items) {
      if (!problem) return <ListSkeleton label={t('people.loading')} />
      return <ErrorPanel problem={problem} what={t('people.failed')} onRetry={() => members.refetch()} />
    }
    if (items.length === 0) return <EmptyState icon={UsersRound} title={t('people.none_match')} />
    return (
      <>
        <ul aria-label={t('people.members')} className="divide-y divide-line">
          {items.map((member) => (
            <li key={member.id} className="flex items-center gap-3 px-4 py-2">
              <Avatar name={member.name} size="small" />
              <bdi className="min-w-0 truncate">{member.name}</bdi>
              {member.id === user.id && <Chip>{t('people.you')}</Chip>}
            </li>
          ))}
        </ul>
        <ShowMore list={members} />
      </>
    )
  }
  return (
    <>
      <SearchField label={t('people.search_name')} value={search} onChange={onSearch} />
      <div className="overflow-hidden rounded-panel border border-line bg-surface">{list()}</div>
    </>
  )
}
