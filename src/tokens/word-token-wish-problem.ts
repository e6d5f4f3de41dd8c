import type { TokenWishProblem } from './token-wish.js'

/** Says to a program what is wrong with what it asks for. */
export function wordTokenWishProblem(problem: TokenWishProblem): string {
  if (problem.field === 'include') return 'include takes "accessToken", and nothing else.'
  switch (problem.reason) {
    case 'repeated':
      return 'audience takes one origin. Ask once for each app.'
    case 'noOrigin':
      return 'audience takes the origin of an app, such as https://app.example.com.'
    case 'notAllowed':
      return `${problem.origin} is no app of this service. The operator can allow it.`
  }
}
