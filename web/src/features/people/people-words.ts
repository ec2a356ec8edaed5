import { useTranslation } from 'react-i18next'
import type { Problem } from '@/api/problem'
import { usePermissionWords } from '@/ui/permission-words'
import type { OwnWords } from '@/ui/refusal'

/** What refusals mean where people and roles are changed. */
export function usePeopleWords(): (problem: Problem | null) => OwnWords {
  const { t } = useTranslation()
  const permissionWords = usePermissionWords()
  return (problem) => {
    const fields = problem?.fields.map(({ field }) => field) ?? []
    const denied = () => {
      if (problem?.permission === 'team.manage') return t('people.problem.not_your_team')
      if (!problem?.permission) return t('people.problem.too_much')
      return t('people.problem.lacks', { words: permissionWords(problem.permission) })
    }
    return {
      already_exists: t('people.problem.already_exists'),
      in_use: t('people.problem.in_use', { count: problem?.number('used') ?? 1 }),
      invalid_transition: t('people.problem.invalid_transition'),
      last_owner: t('people.problem.last_owner'),
      not_found: t('people.problem.not_found'),
      permission_denied: denied(),
      plan_limit: t('people.problem.plan_limit'),
      ...(fields.includes('role_id') && { validation_failed: t('people.problem.role_gone') }),
      ...(fields.includes('reassign_to') && { validation_failed: t('people.problem.no_successor') }),
    }
  }
}
