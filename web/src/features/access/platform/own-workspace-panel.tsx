import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { Button } from '@/ui/button'
import { Field } from '@/ui/field'
import { Panel } from '@/ui/panel'
import { FormProblem } from '../form-problem'
import { useCreateWorkspace } from './api/create-workspace'

/** A workspace of the operator's own; whether others may sign up does not matter. */
export function OwnWorkspacePanel({ onMade }: { onMade: (slug: string) => void }) {
  const { t } = useTranslation()
  const create = useCreateWorkspace()
  const { register, handleSubmit, formState } = useForm({ defaultValues: { name: '' } })
  const problem = asProblem(create.error)
  const submit = handleSubmit((body) =>
    create.mutate(body, { onSuccess: ({ tenant }) => tenant && onMade(tenant.slug) }),
  )
  return (
    <Panel title={t('platform.workspace')} lead={t('platform.workspace_lead')}>
      <form onSubmit={submit} noValidate className="flex flex-col items-start gap-4">
        {problem && <FormProblem problem={problem} wait={0} />}
        <div className="w-full max-w-100">
          <Field
            label={t('auth.workspace')}
            hint={t('auth.workspace_hint')}
            autoComplete="organization"
            maxLength={80}
            error={formState.errors.name && t('auth.invalid.workspace')}
            {...register('name', { validate: (value) => value.trim() !== '' })}
          />
        </div>
        <Button type="submit" busy={create.isPending}>
          {t('auth.create_workspace')}
        </Button>
      </form>
    </Panel>
  )
}
